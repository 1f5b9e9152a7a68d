/// The client's side of a session, over a websocket, or over polling that upgrades to a websocket when the server
/// offers it and the network allows it. It carries the packets of an `EngineSession` and understands only those of
/// the opening and of the upgrade.
///
/// webSocket   openWebSocket ──► all frames polling     GET ──► 0{sid…} ──► GET, POST, GET, …
///       probing     a websocket is open beside them, 2probe is out; polling continues
///       pausing     3probe has arrived; open requests are awaited, no new ones are made
///       upgraded    5 is out; all frames go over the websocket
///
/// A candidate that fails or answers too late is abandoned for good, and polling continues.
public struct EngineClientTransport: Sendable {
    /// The transport that a session begins with.
    public enum Start: Hashable, Sendable {
        case webSocket
        /// - upgrades: Whether to upgrade to a websocket if the server offers it.
        case polling(upgrades: Bool)
    }

    /// What the driver must do.
    public enum Action: Hashable, Sendable {
        /// Open a websocket, in the session of this sid or in a new one.
        case openWebSocket(sid: String?)
        /// Send this over the websocket.
        case sendWebSocket(EngineFrame)
        case closeWebSocket
        /// Send a GET, in the session of this sid or to open a new one.
        case poll(sid: String?)
        /// POST this body in the session of this sid.
        case post(sid: String, [UInt8])
        /// Hand this to the session.
        case deliver(EnginePacket)
        /// A proxy refused this frame of an event with this status. The session continues, but the server never gets
        /// the frame.
        case refused(EngineFrame, status: Int)
        /// The connection to the server is lost: call the session's `transportClosed`.
        case lost(Loss)
    }

    /// Why the connection to the server is lost.
    public enum Loss: Hashable, Sendable {
        /// The websocket failed or was closed.
        case webSocket
        /// A request failed in transit.
        case request
        /// A request was answered with this status instead of 200.
        case status(Int)
        /// The answer cannot be read.
        case payload(EngineError)
    }

    private enum Upgrade: Hashable, Sendable {
        case notWanted
        case wanted
        case opening(until: MonotonicInstant)
        case probing(until: MonotonicInstant)
        case pausing(until: MonotonicInstant)

        var deadline: MonotonicInstant? {
            switch self {
            case .notWanted, .wanted: nil
            case .opening(let instant), .probing(let instant), .pausing(let instant): instant
            }
        }
    }

    private enum State: Hashable, Sendable {
        case idle
        case openingWebSocket
        case webSocket
        /// `handshake` is nil until the first GET has been answered.
        case polling(EngineHandshake?, Upgrade)
        /// The last POST is out.
        case ending(EngineHandshake)
        case closed
    }

    private let start: Start
    private let upgradeTimeout: Duration
    private var state = State.idle
    private var queue: [EngineFrame] = []
    private var isPolling = false
    private var isPosting = false
    /// The frames in the POST that is in flight.
    private var posted: [EngineFrame] = []
    /// How many frames at the front of the queue go in a POST of their own: one of them was refused together with
    /// others.
    private var singleCount = 0

    /// - Parameter upgradeTimeout: How long an upgrade may take from its start.
    public init(_ start: Start, upgradeTimeout: Duration = .seconds(10)) {
        self.start = start
        self.upgradeTimeout = upgradeTimeout
    }

    /// Whether all frames now go over a websocket.
    public var isWebSocket: Bool { state == .webSocket }

    /// When to call `tick` next; nil when there is no deadline.
    public var deadline: MonotonicInstant? {
        guard case .polling(_, let upgrade) = state else { return nil }
        return upgrade.deadline
    }

    // MARK: - From the session

    /// Begins. Call it once.
    public mutating func begin() -> [Action] {
        guard state == .idle else { return [] }
        switch start {
        case .webSocket:
            state = .openingWebSocket
            return [.openWebSocket(sid: nil)]
        case .polling(let upgrades):
            state = .polling(nil, upgrades ? .wanted : .notWanted)
            isPolling = true
            return [.poll(sid: nil)]
        }
    }

    /// Sends a frame of the session, now or as soon as possible.
    public mutating func transmit(_ frame: EngineFrame) -> [Action] {
        switch state {
        case .idle, .openingWebSocket, .ending, .closed: return []
        case .webSocket: return [.sendWebSocket(frame)]
        case .polling(let handshake, let upgrade):
            queue.append(frame)
            if case .pausing = upgrade { return [] }
            return handshake.map { post(in: $0) } ?? []
        }
    }

    /// The session is over. What remains to be sent is still sent if one request suffices.
    public mutating func end() -> [Action] {
        switch state {
        case .idle, .ending, .closed:
            state = .closed
            return []
        case .openingWebSocket, .webSocket:
            state = .closed
            return [.closeWebSocket]
        case .polling(let handshake, let upgrade):
            let candidate: [Action] = upgrade.deadline == nil ? [] : [.closeWebSocket]
            guard let handshake, isPosting || !queue.isEmpty else {
                state = .closed
                return candidate
            }
            let last = post(in: handshake)
            state = .ending(handshake)
            return candidate + last
        }
    }

    // MARK: - From the websocket

    /// The websocket is open.
    public mutating func webSocketOpened() -> [Action] {
        switch state {
        case .openingWebSocket:
            state = .webSocket
            return []
        case .polling(let handshake, .opening(let until)):
            state = .polling(handshake, .probing(until: until))
            return [.sendWebSocket(EnginePacket.ping(EnginePacket.probe).frame)]
        default: return []
        }
    }

    /// A packet arrived over the websocket.
    public mutating func receive(_ packet: EnginePacket) -> [Action] {
        switch state {
        case .webSocket: return [.deliver(packet)]
        case .polling(let handshake, .probing(let until)):
            guard packet == .pong(EnginePacket.probe) else { return giveUpCandidate() }
            state = .polling(handshake, .pausing(until: until))
            return finishPausing()
        default: return []
        }
    }

    /// The websocket could not be opened, or has closed.
    public mutating func webSocketClosed() -> [Action] {
        switch state {
        case .openingWebSocket, .webSocket: return lose(.webSocket)
        case .polling(_, let upgrade) where upgrade.deadline != nil:
            return Array(giveUpCandidate().dropFirst())
        default: return []
        }
    }

    // MARK: - From the requests

    /// The GET has been answered.
    public mutating func pollAnswered(status: Int, body: ArraySlice<UInt8>, now: MonotonicInstant) -> [Action]
    {
        guard isPolling else { return [] }
        isPolling = false
        guard case .polling(let handshake, let upgrade) = state else { return [] }
        guard status == 200 else { return lose(.status(status)) }
        let packets: [EnginePacket]
        do throws(EngineError) {
            packets = try PollingPayload.decode(body, bytesMax: handshake?.maxPayload ?? Self.firstBodyMax)
        } catch {
            return lose(.payload(error))
        }
        var actions: [Action] = packets.map { .deliver($0) }
        if handshake == nil {
            guard case .open(let opened)? = packets.first else { return lose(.payload(.invalidHandshake)) }
            actions += beginPolling(opened, upgrade, now: now)
        } else if case .pausing = upgrade {
            actions += finishPausing()
        } else if let handshake {
            isPolling = true
            actions.append(.poll(sid: handshake.sid))
        }
        return actions
    }

    /// The POST has been answered.
    ///
    /// - Parameter body: The answer's body. A 400 with JSON comes from the server and ends the session; any other
    ///   comes from a proxy.
    public mutating func postAnswered(status: Int, body: [UInt8] = []) -> [Action] {
        guard isPosting else { return [] }
        isPosting = false
        switch state {
        case .polling(let handshake?, let upgrade):
            var refusals: [Action] = []
            if status != 200 {
                guard let refused = refuse(status, body) else { return lose(.status(status)) }
                refusals = refused
            }
            if case .pausing = upgrade { return refusals + finishPausing() }
            return refusals + post(in: handshake)
        case .ending(let handshake):
            guard status == 200, !queue.isEmpty else {
                state = .closed
                return []
            }
            return post(in: handshake)
        default: return []
        }
    }

    /// A GET or a POST failed in transit.
    public mutating func requestFailed() -> [Action] {
        switch state {
        case .polling: return lose(.request)
        case .ending:
            state = .closed
            return []
        default: return []
        }
    }

    /// Does what is due. Calling it early has no effect.
    public mutating func tick(now: MonotonicInstant) -> [Action] {
        guard let deadline, now >= deadline else { return [] }
        return giveUpCandidate()
    }

    // MARK: - Steps

    /// The first answer holds the handshake and perhaps a few packets.
    private static let firstBodyMax = 1_000_000

    private mutating func beginPolling(
        _ handshake: EngineHandshake, _ upgrade: Upgrade, now: MonotonicInstant
    ) -> [Action] {
        isPolling = true
        var actions: [Action] = [.poll(sid: handshake.sid)]
        if upgrade == .wanted, handshake.upgrades.contains("websocket") {
            state = .polling(handshake, .opening(until: now + upgradeTimeout))
            actions.append(.openWebSocket(sid: handshake.sid))
        } else {
            state = .polling(handshake, .notWanted)
        }
        return actions + post(in: handshake)
    }

    /// Switches to the websocket when no request is open any more.
    private mutating func finishPausing() -> [Action] {
        guard !isPolling, !isPosting else { return [] }
        state = .webSocket
        defer { queue = [] }
        return [.sendWebSocket(EnginePacket.upgrade.frame)] + queue.map { .sendWebSocket($0) }
    }

    /// Polling continues as if there had been no candidate.
    private mutating func giveUpCandidate() -> [Action] {
        guard case .polling(let handshake?, _) = state else { return [] }
        state = .polling(handshake, .notWanted)
        var actions: [Action] = [.closeWebSocket]
        if !isPolling {
            isPolling = true
            actions.append(.poll(sid: handshake.sid))
        }
        return actions + post(in: handshake)
    }

    /// Handles a client error, which concerns the request and not the session (RFC 9110 section 15.5). Frames that
    /// were refused together are tried one by one. A single refused frame is reported, if the session can do without
    /// it.
    ///
    /// - Returns: Nil when the session is lost.
    private mutating func refuse(_ status: Int, _ body: [UInt8]) -> [Action]? {
        guard Self.isAboutTheRequest(status, body), !posted.isEmpty else { return nil }
        guard posted.count == 1 else {
            queue = posted + queue
            singleCount = posted.count
            return []
        }
        guard Self.isEvent(posted[0]) else { return nil }
        return [.refused(posted[0], status: status)]
    }

    /// 408, 425 and 429 ask the client to try again. The server itself answers an unknown session with 400 and JSON.
    private static func isAboutTheRequest(_ status: Int, _ body: [UInt8]) -> Bool {
        switch status {
        case 408, 425, 429: false
        case 400: !body.isEmpty && (try? JSONValue(parsing: body)) == nil
        default: (401..<500).contains(status)
        }
    }

    /// Whether this is an Engine.IO message with a Socket.IO event. The session cannot do without anything else.
    private static func isEvent(_ frame: EngineFrame) -> Bool {
        if case .text(let bytes) = frame { return bytes.starts(with: Array("42".utf8)) }
        return false
    }

    /// Sends what is queued when no POST is open: one POST at a time keeps the order.
    private mutating func post(in handshake: EngineHandshake) -> [Action] {
        guard !isPosting, !queue.isEmpty else { return [] }
        isPosting = true
        let batch = PollingBatch.take(
            from: &queue, bytesMax: handshake.maxPayload,
            packetsMax: singleCount > 0 ? 1 : PollingPayload.packetsPerBodyMax)
        singleCount = max(0, singleCount - 1)
        posted = batch
        return [.post(sid: handshake.sid, PollingPayload.encode(batch))]
    }

    private mutating func lose(_ loss: Loss) -> [Action] {
        let hasWebSocket: Bool
        if case .polling(_, let upgrade) = state {
            hasWebSocket = upgrade.deadline != nil
        } else {
            hasWebSocket = false
        }
        state = .closed
        return (hasWebSocket ? [.closeWebSocket] : []) + [.lost(loss)]
    }
}
