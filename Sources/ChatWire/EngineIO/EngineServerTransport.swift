/// The server's side of a session that uses a websocket, or polling that may upgrade to one. It carries the packets
/// of an `EngineSession` and understands only those of the upgrade.
///
/// A client has at most one open GET, which waits until there is something to send, and POSTs its own packets. To
/// upgrade, it opens a websocket beside them:
///
/// client            server ws   2probe  ──►            polling ws           ◄──  3probe    probed: an open GET is
/// released with 6 ws   5       ──►            upgraded: all goes over the websocket, a GET is an error
///
/// When the candidate is lost or idle for too long, polling continues as before.
public struct EngineServerTransport: Sendable {
    /// What the driver must do.
    public enum Action: Hashable, Sendable {
        /// Answer the open GET: 200, `text/plain; charset=UTF-8`, this body.
        case answerPoll([UInt8])
        /// Answer the GET that has just arrived: 400.
        case rejectPoll
        /// Answer the POST that has just arrived: 200, `ok`.
        case acceptPost
        /// Answer the POST that has just arrived: 400.
        case rejectPost
        /// Send this over the websocket.
        case sendWebSocket(EngineFrame)
        /// Close the session's websocket, or its candidate.
        case closeWebSocket
        /// Close the websocket that has just arrived; the session has another.
        case rejectWebSocket
        /// Hand this to the session.
        case deliver(EnginePacket)
        /// The client is gone or violated the protocol: call the session's `transportClosed`.
        case lost
    }

    private enum Candidate: Hashable, Sendable {
        case none
        case opened(until: MonotonicInstant)
        case probed(until: MonotonicInstant)

        var deadline: MonotonicInstant? {
            switch self {
            case .none: nil
            case .opened(let instant), .probed(let instant): instant
            }
        }
    }

    private enum State: Hashable, Sendable {
        case polling(Candidate)
        case webSocket
        case closed
    }

    /// The transport that a session begins with.
    public enum Start: Hashable, Sendable {
        case webSocket
        case polling
    }

    private var state: State
    private var isPollOpen = false
    private var queue: [EngineFrame] = []
    /// How many bytes wait for the next GET.
    public private(set) var queuedBytes = 0
    private let maxPayload: Int
    private let policy: WirePolicy
    private let upgradeTimeout: Duration
    private let queuedBytesMax: Int

    /// - Parameters:
    ///   - maxPayload: The limit of the handshake.
    ///   - upgradeTimeout: How long a websocket may take from its opening to the upgrade.
    ///   - queuedBytesMax: How many bytes are kept for a client that does not poll. Beyond that the session is lost.
    public init(
        _ start: Start, maxPayload: Int, policy: WirePolicy = .recorded,
        upgradeTimeout: Duration = .seconds(10), queuedBytesMax: Int = 4 << 20
    ) {
        state = start == .webSocket ? .webSocket : .polling(.none)
        self.maxPayload = maxPayload
        self.policy = policy
        self.upgradeTimeout = upgradeTimeout
        self.queuedBytesMax = queuedBytesMax
    }

    /// Whether all frames now go over a websocket.
    public var isWebSocket: Bool { state == .webSocket }

    /// When to call `tick` next; nil when there is no deadline.
    public var deadline: MonotonicInstant? {
        guard case .polling(let candidate) = state else { return nil }
        return candidate.deadline
    }

    // MARK: - From the session

    /// Sends a frame of the session, now or with the next GET.
    public mutating func transmit(_ frame: EngineFrame) -> [Action] {
        switch state {
        case .closed: return []
        case .webSocket: return [.sendWebSocket(frame)]
        case .polling:
            queuedBytes += PollingPayload.length(of: frame)
            guard queuedBytes <= queuedBytesMax else { return end() + [.lost] }
            queue.append(frame)
            return release()
        }
    }

    /// The session is over. An open GET gets the remaining packets.
    public mutating func end() -> [Action] {
        let last = state
        state = .closed
        switch last {
        case .closed: return []
        case .webSocket: return [.closeWebSocket]
        case .polling(let candidate):
            return releaseAtOnce() + (candidate == .none ? [] : [.closeWebSocket])
        }
    }

    // MARK: - From the client

    /// A GET has arrived.
    public mutating func pollRequested() -> [Action] {
        guard case .polling(let candidate) = state else { return [.rejectPoll] }
        guard !isPollOpen else {
            // A second GET while one is pending is a protocol error: both fail.
            state = .closed
            isPollOpen = false
            let farewell = PollingPayload.encode([EnginePacket.close.frame])
            return [.answerPoll(farewell), .rejectPoll]
                + (candidate == .none ? [] : [.closeWebSocket]) + [.lost]
        }
        isPollOpen = true
        if case .probed = candidate { return releaseAtOnce() }
        return release()
    }

    /// Answers the open GET, with a noop when there is nothing to send.
    public mutating func releasePoll() -> [Action] { releaseAtOnce() }

    /// The client has aborted the open GET.
    public mutating func pollAborted() -> [Action] {
        guard isPollOpen else { return [] }
        isPollOpen = false
        guard case .polling(let candidate) = state else { return [] }
        state = .closed
        return (candidate == .none ? [] : [.closeWebSocket]) + [.lost]
    }

    /// A POST has arrived. Under the recorded policy it is accepted whatever it holds: an unreadable packet is dropped
    /// alone, a body of too many packets as a whole.
    public mutating func posted(_ body: ArraySlice<UInt8>) -> [Action] {
        guard case .polling = state else { return [.rejectPost] }
        do throws(EngineError) {
            let packets =
                policy == .recorded
                ? try PollingPayload.decodeReadable(body, bytesMax: maxPayload)
                : try PollingPayload.decode(body, bytesMax: maxPayload)
            return packets.map { .deliver($0) } + [.acceptPost]
        } catch {
            if case .tooBig = error { return [.rejectPost] + end() + [.lost] }
            return policy == .recorded ? [.acceptPost] : [.rejectPost] + end() + [.lost]
        }
    }

    /// A websocket with this session's sid has been opened.
    public mutating func webSocketOpened(now: MonotonicInstant) -> [Action] {
        guard state == .polling(.none) else { return [.rejectWebSocket] }
        state = .polling(.opened(until: now + upgradeTimeout))
        return []
    }

    /// A frame arrived over the websocket.
    public mutating func receive(_ packet: EnginePacket) -> [Action] {
        switch state {
        case .closed: return []
        case .webSocket: return [.deliver(packet)]
        case .polling(.none): return []
        case .polling(.opened(let until)):
            guard packet == .ping(EnginePacket.probe) else { return giveUpCandidate() }
            state = .polling(.probed(until: until))
            return [.sendWebSocket(EnginePacket.pong(EnginePacket.probe).frame)] + releaseAtOnce()
        case .polling(.probed):
            guard packet == .upgrade else { return giveUpCandidate() }
            let open = releaseAtOnce()
            state = .webSocket
            defer { (queue, queuedBytes) = ([], 0) }
            return open + queue.map { .sendWebSocket($0) }
        }
    }

    /// The websocket is gone.
    public mutating func webSocketClosed() -> [Action] {
        switch state {
        case .closed: return []
        case .polling:
            state = .polling(.none)
            return []
        case .webSocket:
            state = .closed
            return [.lost]
        }
    }

    /// Does what is due. Calling it early has no effect.
    public mutating func tick(now: MonotonicInstant) -> [Action] {
        guard let deadline, now >= deadline else { return [] }
        return giveUpCandidate()
    }

    // MARK: - Steps

    private mutating func giveUpCandidate() -> [Action] {
        state = .polling(.none)
        return [.closeWebSocket]
    }

    /// Answers the open GET when there is something to send.
    private mutating func release() -> [Action] {
        queue.isEmpty ? [] : releaseAtOnce()
    }

    /// Answers the open GET, with a noop when there is nothing to send.
    private mutating func releaseAtOnce() -> [Action] {
        guard isPollOpen else { return [] }
        isPollOpen = false
        guard !queue.isEmpty else { return [.answerPoll(PollingPayload.encode([EnginePacket.noop.frame]))] }
        let batch = PollingBatch.take(
            from: &queue, bytesMax: maxPayload, packetsMax: PollingPayload.packetsPerBodyMax)
        for frame in batch { queuedBytes -= PollingPayload.length(of: frame) }
        return [.answerPoll(PollingPayload.encode(batch))]
    }
}
