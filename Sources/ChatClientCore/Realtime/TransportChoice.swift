import ChatNet
import ChatWire

/// Over what a realtime link begins.
package enum LinkTransportKind: String, Hashable, Sendable {
    case webSocket = "websocket"
    /// Engine.IO over HTTP requests, which changes to a WebSocket where the way is free.
    case polling
    /// Engine.IO over HTTP requests that stays so.
    case pollingOnly = "polling-only"
}

/// Which transport is tried first, and which one when that does not get through: proxies and filters
/// refuse WebSockets, cut them at once, or let nothing pass. What worked is tried first the next time, by the next
/// program too: it is kept on the disk for a day.
///
/// Beside a WebSocket that says nothing for ``silenceMax`` polling is begun, and who answers first is taken. One that
/// falls silent later is left for polling.
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

    /// How long a WebSocket may say nothing before polling is begun beside it.
    static let silenceMax = Duration.milliseconds(2500)
    /// How long the answer to a message may take where a filter may have swallowed it.
    static let answerMax = Duration.seconds(5)
    /// How long what worked is remembered: networks change, and so do their filters.
    private static let memory = Duration.seconds(86_400)

    /// - Parameter remembered: What ``memory(at:)`` gave in an earlier run.
    init(_ preference: TransportPreference = .automatic, remembered: String? = nil, at now: Timestamp? = nil)
    {
        self.preference = preference
        switch preference {
        case .automatic: first = Self.kind(remembered, at: now) ?? .webSocket
        case .webSocket: first = .webSocket
        case .polling: first = .pollingOnly
        case .upgrade: first = .polling
        }
    }

    private static func kind(_ remembered: String?, at now: Timestamp?) -> LinkTransportKind? {
        let parts = remembered?.split(separator: " ") ?? []
        guard parts.count == 2, let kind = LinkTransportKind(rawValue: String(parts[0])),
            let seconds = Int64(parts[1]), let now
        else { return nil }
        let age = now.seconds.subtractingReportingOverflow(seconds)
        return !age.overflow && age.partialValue >= 0 && .seconds(age.partialValue) < memory ? kind : nil
    }

    /// For the next run on this server; nil while there is nothing to remember but the usual.
    func memory(at now: Timestamp) -> String? {
        guard preference == .automatic, first != .webSocket else { return nil }
        return "\(first.rawValue) \(now.seconds)"
    }

    /// What to begin beside a transport that says nothing.
    func beside(_ kind: LinkTransportKind) -> LinkTransportKind? {
        preference == .automatic && kind == .webSocket ? .polling : nil
    }

    /// Whether a filter may swallow what goes over this transport, so that there is another one to try.
    func mayBeFiltered(_ kind: LinkTransportKind) -> Bool { preference == .automatic && kind != .pollingOnly }

    /// A link that was answered fell silent: messages got no answer over it.
    ///
    /// - Parameter isUnproven: whether it had become a WebSocket over which nothing ever came.
    mutating func fellSilent(over kind: LinkTransportKind, isUnproven: Bool) {
        guard preference == .automatic else { return }
        switch kind {
        case .webSocket: first = .polling
        case .polling: if isUnproven { first = .pollingOnly }
        case .pollingOnly: first = .webSocket
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
