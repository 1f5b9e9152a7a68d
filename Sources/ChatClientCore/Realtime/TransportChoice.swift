import ChatNet

/// Over what a realtime link begins.
package enum LinkTransportKind: Hashable, Sendable {
    case webSocket
    /// Engine.IO over HTTP requests, which changes to a WebSocket where the way is free.
    case polling
    /// Engine.IO over HTTP requests that stays so.
    case pollingOnly
}

/// Which transport is tried first, and which one when that does not get through: proxies and filters
/// refuse WebSockets, cut them at once, or let nothing pass. What worked is tried first the next time.
///
///     webSocket ──refused or filtered──► polling ──refused──► webSocket, at the next attempt
///                                        polling ──cut after the upgrade, twice──► pollingOnly
struct TransportChoice: Equatable, Sendable {
    /// So many upgraded links in a row that carried nothing mean that none will.
    private static let cutUpgradesMax = 2

    /// Where the next attempt begins.
    private(set) var first: LinkTransportKind
    private let preference: TransportPreference
    private var cutUpgrades = 0

    init(_ preference: TransportPreference = .automatic) {
        self.preference = preference
        switch preference {
        case .automatic, .webSocket: first = .webSocket
        case .polling: first = .pollingOnly
        case .upgrade: first = .polling
        }
    }

    /// An attempt got no session from the server. Returns what to try at once instead, if anything.
    mutating func didNotOpen(over kind: LinkTransportKind, _ failure: LinkFailure) -> LinkTransportKind? {
        guard preference == .automatic, Self.mayBeTheTransport(failure) else { return nil }
        switch kind {
        case .webSocket: return .polling
        case .polling, .pollingOnly:
            first = .webSocket
            return nil
        }
    }

    /// A session was opened, but ended or fell silent before the server had answered the token: a filter
    /// that lets the beginning pass does that.
    mutating func endedEarly(over kind: LinkTransportKind, _ failure: LinkFailure) {
        guard preference == .automatic, Self.mayBeTheTransport(failure) else { return }
        first = kind == .webSocket ? .polling : .webSocket
    }

    /// The server has answered the token over it: this transport gets through, whatever the answer.
    mutating func worked(over kind: LinkTransportKind) {
        if preference == .automatic { first = kind }
    }

    /// A link ended after it had become a WebSocket over which nothing ever came: a filter that looks at what
    /// follows the upgrade does that, and would do it at each attempt.
    mutating func upgradeWasCut(_ failure: LinkFailure) {
        guard Self.mayBeTheTransport(failure) else { return }
        cutUpgrades += 1
        if cutUpgrades >= Self.cutUpgradesMax { first = .pollingOnly }
    }

    /// Something came over a WebSocket that a link had become.
    mutating func upgradeWorked() { cutUpgrades = 0 }

    /// Whether another transport to the same place might fare better. When nobody is reached, or who
    /// answers is not trusted, none will.
    private static func mayBeTheTransport(_ failure: LinkFailure) -> Bool {
        switch failure {
        case .handshakeTimeout, .silence, .closed, .protocolViolation: true
        case .network(let error): mayBeTheTransport(error)
        case .notStarted, .storage, .rejected: false
        }
    }

    private static func mayBeTheTransport(_ error: NetError) -> Bool {
        switch error {
        case .webSocketRefused, .webSocketHandshake, .webSocket, .invalidResponse, .closed,
            .redirectRefused, .tooManyRedirects, .timeout(phase: .webSocketHandshake, _),
            .timeout(phase: .responseHead, _), .timeout(phase: .responseBody, _),
            // A proxy may pass requests on and yet refuse to connect.
            .proxy(.refused, _), .proxy(.closed, _):
            true
        default: false
        }
    }
}
