import ChatWire

/// Bytes that wait to be sent, and the senders that wait for them to become fewer.
struct OutgoingBytes {
    private var buffer = SendBuffer()
    private var senders: [OneShot<Result<Void, NetError>>] = []
    /// Senders wait while more bytes than this are unsent.
    private let limit: Int
    /// When the peer last accepted something, or when it was first asked to.
    private(set) var lastProgress = MonotonicInstant(nanoseconds: 0)

    init(limit: Int) { self.limit = limit }

    var count: Int { buffer.count }
    var isEmpty: Bool { buffer.isEmpty }

    /// - Returns: whether nothing was waiting before.
    mutating func append(_ bytes: [UInt8], at now: MonotonicInstant) -> Bool {
        let wasEmpty = buffer.isEmpty
        buffer.append(bytes)
        if wasEmpty { lastProgress = now }
        return wasEmpty
    }

    /// Sends as much as the socket takes.
    mutating func send(to box: SocketBox, _ thread: IOThread) throws(SystemError) {
        while !buffer.isEmpty {
            let sent = try buffer.drain { bytes throws(SystemError) in try box.socket.write(bytes) }
            guard sent > 0 else { break }
            lastProgress = thread.now
        }
        if buffer.count <= limit { releaseSenders(.success(())) }
    }

    /// Resolved when there is room; nil when there is.
    mutating func waiter() -> OneShot<Result<Void, NetError>>? {
        guard buffer.count > limit else { return nil }
        let sender = OneShot<Result<Void, NetError>>()
        senders.append(sender)
        return sender
    }

    mutating func releaseSenders(_ result: Result<Void, NetError>) {
        for sender in senders { sender.resolve(result) }
        senders.removeAll()
    }

    mutating func discard() { buffer.removeAll() }
}
