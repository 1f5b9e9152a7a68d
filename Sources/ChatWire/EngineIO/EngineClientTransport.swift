/// The client's side of a session over a websocket, or over polling that becomes a websocket when
/// the server offers it and the way is free. It carries the packets of an `EngineSession`, and
/// knows nothing of their meaning but the opening's and the upgrade's.
///
///     webSocket   openWebSocket ──► all frames
///     polling     GET ──► 0{sid…} ──► GET, POST, GET, …
///       probing     a websocket is open beside them, 2probe is out; polling goes on
///       pausing     3probe has come; what is open is waited for, nothing new is begun
///       upgraded    5 is out; all frames over the websocket
///
/// A candidate that fails, or answers too late, is given up for good, and polling goes on.
public struct EngineClientTransport: Sendable {
    /// Over what a session begins.
    public enum Start: Hashable, Sendable {
        case webSocket
        /// - upgrades: Whether to change to a websocket if the server offers it.
        case polling(upgrades: Bool)
    }

    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Open a websocket, in the session of this sid, or in a new one.
        case openWebSocket(sid: String?)
        /// Send this over the websocket.
        case sendWebSocket(EngineFrame)
        case closeWebSocket
        /// GET, in the session of this sid, or to open a new one.
        case poll(sid: String?)
        /// POST this body in the session of this sid.
        case post(sid: String, [UInt8])
        /// Hand this to the session.
        case deliver(EnginePacket)
        /// A proxy did not let this frame of an event through, with this status, and the session goes on: the server
        /// never gets it.
        case refused(EngineFrame, status: Int)
        /// The way to the server is lost: call the session's `transportClosed`.
        case lost(Loss)
    }

    /// Why the way to the server is lost.
    public enum Loss: Hashable, Sendable {
        /// The websocket failed or was closed.
        case webSocket
        /// A request failed on its way.
        case request
        /// A request was answered with this status instead of 200.
        case status(Int)
        /// What was answered can't be read.
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
    /// What the POST that is out carries.
    private var posted: [EngineFrame] = []
    /// How many frames from the front of the queue go in a POST of their own: one of them was refused with others.
    private var singleCount = 0

    /// - Parameter upgradeTimeout: How long an upgrade may take from its beginning.
    public init(_ start: Start, upgradeTimeout: Duration = .seconds(10)) {
        self.start = start
        self.upgradeTimeout = upgradeTimeout
    }

    /// Whether all goes over a websocket by now.
    public var isWebSocket: Bool { state == .webSocket }

    /// When `tick` is wanted next; nil when time does not matter.
    public var deadline: MonotonicInstant? {
        guard case .polling(_, let upgrade) = state else { return nil }
        return upgrade.deadline
    }

    // MARK: - From the session

    /// Begins. To be called once.
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

    /// Sends a frame of the session, now or when the way is free.
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

    /// The session is over. What was to be sent is still sent if that takes one request.
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

    /// A packet has come over the websocket.
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

    /// The websocket could not be opened, or is gone.
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
    /// - Parameter body: The answer's body. A 400 with JSON is the server's and ends the session, any other is a
    ///   proxy's.
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

    /// A GET or a POST has failed on its way.
    public mutating func requestFailed() -> [Action] {
        switch state {
        case .polling: return lose(.request)
        case .ending:
            state = .closed
            return []
        default: return []
        }
    }

    /// Does what is due. Calling it early does nothing.
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

    /// Changes over when nothing is open any more.
    private mutating func finishPausing() -> [Action] {
        guard !isPolling, !isPosting else { return [] }
        state = .webSocket
        defer { queue = [] }
        return [.sendWebSocket(EnginePacket.upgrade.frame)] + queue.map { .sendWebSocket($0) }
    }

    /// Polling goes on as if there had been no candidate.
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

    /// A client error is about the request, not about the session (RFC 9110 section 15.5). Frames that were refused
    /// together are tried one by one; of a frame alone it is told, if the session can do without it.
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

    /// 408, 425 and 429 ask to come again. The server itself says 400 to a session that it does not know, in JSON.
    private static func isAboutTheRequest(_ status: Int, _ body: [UInt8]) -> Bool {
        switch status {
        case 408, 425, 429: false
        case 400: !body.isEmpty && (try? JSONValue(parsing: body)) == nil
        default: (401..<500).contains(status)
        }
    }

    /// An Engine.IO message with a Socket.IO event: anything else keeps the session going.
    private static func isEvent(_ frame: EngineFrame) -> Bool {
        if case .text(let bytes) = frame { return bytes.starts(with: Array("42".utf8)) }
        return false
    }

    /// Sends what is queued, when no POST is open: order is kept by having one at a time.
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
