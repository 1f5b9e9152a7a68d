import ChatNet
import ChatWire

/// The transport that a realtime link begins with.
package enum LinkTransportKind: String, Hashable, Sendable {
    case webSocket = "websocket"
    /// Engine.IO over HTTP requests, which upgrades to a WebSocket where possible.
    case polling
    /// Engine.IO over HTTP requests, without an upgrade.
    case pollingOnly = "polling-only"
}

/// Which transport is tried first, and which one follows when it fails: proxies and filters refuse WebSockets, cut
/// them at once, or swallow their traffic. What worked is tried first the next time, by later programs too: it is
/// stored on disk for a day.
///
/// When a WebSocket is silent for ``silenceMax``, polling is started beside it, and the first to answer is used. A
/// WebSocket that falls silent later is replaced by polling.
///
/// webSocket ──refused or filtered──► polling ──refused──► webSocket, at the next attempt
///                                        polling ──cut after the upgrade, twice──► pollingOnly
struct TransportChoice: Equatable, Sendable {
    /// After this many consecutive upgraded links that carried nothing, no more upgrades are tried.
    private static let cutUpgradesMax = 2

    /// The transport of the next attempt.
    private(set) var first: LinkTransportKind
    private let preference: TransportPreference
    private var cutUpgrades = 0

    /// How long a WebSocket may be silent before polling is started beside it.
    static let silenceMax = Duration.milliseconds(2500)
    /// How long the answer to a message may take when a filter may have swallowed it.
    static let answerMax = Duration.seconds(5)
    /// How long the working transport is remembered: networks and their filters change.
    private static let memory = Duration.seconds(86_400)

    /// - Parameter remembered: The result of ``memory(at:)`` in an earlier run.
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

    /// The text to store for the next run on this server; nil when the default transport works.
    func memory(at now: Timestamp) -> String? {
        guard preference == .automatic, first != .webSocket else { return nil }
        return "\(first.rawValue) \(now.seconds)"
    }

    /// The transport to start beside a silent one.
    func beside(_ kind: LinkTransportKind) -> LinkTransportKind? {
        preference == .automatic && kind == .webSocket ? .polling : nil
    }

    /// Whether a filter may swallow the traffic of this transport, so that there is another one to try.
    func mayBeFiltered(_ kind: LinkTransportKind) -> Bool { preference == .automatic && kind != .pollingOnly }

    /// An answered link fell silent: its messages got no answers.
    ///
    /// - Parameter isUnproven: whether it had upgraded to a WebSocket that never received anything.
    mutating func fellSilent(over kind: LinkTransportKind, isUnproven: Bool) {
        guard preference == .automatic else { return }
        switch kind {
        case .webSocket: first = .polling
        case .polling: if isUnproven { first = .pollingOnly }
        case .pollingOnly: first = .webSocket
        }
    }

    /// An attempt got no session from the server. Returns the transport to try at once instead, if any.
    mutating func didNotOpen(over kind: LinkTransportKind, _ failure: LinkFailure) -> LinkTransportKind? {
        guard preference == .automatic, Self.mayBeTheTransport(failure) else { return nil }
        switch kind {
        case .webSocket: return .polling
        case .polling, .pollingOnly:
            first = .webSocket
            return nil
        }
    }

    /// A session was opened, but it ended or fell silent before the server had answered the token. A filter that
    /// passes only the beginning does that.
    mutating func endedEarly(over kind: LinkTransportKind, _ failure: LinkFailure) {
        guard preference == .automatic, Self.mayBeTheTransport(failure) else { return }
        first = kind == .webSocket ? .polling : .webSocket
    }

    /// The server has answered the token: this transport works, whatever the answer.
    mutating func worked(over kind: LinkTransportKind) {
        if preference == .automatic { first = kind }
    }

    /// A link ended after it had upgraded to a WebSocket that never received anything. A filter that inspects the
    /// traffic after the upgrade does that, and would do it at each attempt.
    mutating func upgradeWasCut(_ failure: LinkFailure) {
        guard Self.mayBeTheTransport(failure) else { return }
        cutUpgrades += 1
        if cutUpgrades >= Self.cutUpgradesMax { first = .pollingOnly }
    }

    /// Something was received over a WebSocket after an upgrade.
    mutating func upgradeWorked() { cutUpgrades = 0 }

    // MARK: Learning

    /// Learns from the fate of a link whose session was opened.
    ///
    /// - Parameters:
    ///   - isAnswered: whether the server had answered the token before.
    ///   - stage: where the engine's link is now.
    ///   - failure: why the link has ended, if it has.
    /// - Returns: whether the server has answered the token by now.
    mutating func judge(
        over kind: LinkTransportKind, isAnswered: Bool, upgrade: LinkTransport.Upgrade,
        stage: EngineLink.Stage,
        failure: LinkFailure
    ) -> Bool {
        if isAnswered, case .waiting = stage, failure == .silence {
            fellSilent(over: kind, isUnproven: upgrade == .unproven)
        }
        switch (upgrade, stage) {
        case (.proven, _): upgradeWorked()
        case (.unproven, .waiting):
            upgradeWasCut(failure)
            return isAnswered
        case (.unproven, _), (.none, _): break
        }
        guard !isAnswered else { return true }
        switch stage {
        case .checking, .up, .verifying:
            worked(over: kind)
            return true
        case .waiting: endedEarly(over: kind, failure)
        case .idle, .opening, .displaced: break
        }
        return false
    }

    /// Whether another transport to the same place might succeed. None will when nobody is reached, or when the peer
    /// is not trusted.
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
            // A proxy may forward requests and yet refuse to connect.
            .proxy(.refused, _), .proxy(.closed, _):
            true
        default: false
        }
    }
}
