import ChatCrypto
import ChatNet
import ChatWire
import Glibc

/// A push endpoint on the loopback address of this machine, for servers on the same machine.
///
/// It answers each request itself: 201 for a push that could be read, an error for everything else.
public actor PushReceiver {
    /// An event of the endpoint.
    public enum Event: Hashable, Sendable {
        /// A push was received and accepted.
        case push(ReceivedPush)
        /// A request was rejected.
        case rejected(PushRejection)
        /// A request was answered with the status that was set, without examining it.
        case answered(status: Int)
    }

    private nonisolated let thread: IOThread
    /// The thread that the receiver lives on.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// `http://127.0.0.1:PORT/` and a path that cannot be guessed.
    public nonisolated let endpoint: String
    /// What happens at the endpoint. The stream ends with ``stop()``. It holds at most 256 events that nobody has
    /// taken, and drops the oldest ones first.
    public nonisolated let events: AsyncStream<Event>

    private let inbox: PushInbox
    private let continuation: AsyncStream<Event>.Continuation
    private let listener: LoopbackListener
    private var listenerWatch: IOWatch?
    private var answer: Int?
    private var connections: [Int32: (watch: IOWatch, parser: PushRequestParser)] = [:]

    private static let connectionsMax = 32
    private static let eventsMax = 256

    /// Listens on a port that the system chooses.
    ///
    /// - Parameter serverKey: the server's public key; pushes with other keys are rejected.
    init(keys: PushKeys, serverKey: P256PublicKey, thread: IOThread) throws(NetError) {
        listener = try LoopbackListener()
        self.thread = thread
        let origin = "http://127.0.0.1:\(listener.port)"
        let target = "/push/" + Base64URL.encode(RandomBytes.generate(16))
        endpoint = origin + target
        inbox = PushInbox(
            keys: keys, verifier: VAPIDVerifier(serverKey: serverKey, audience: origin), target: target)
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.eventsMax))
    }

    deinit {
        listenerWatch?.end()
        for (descriptor, connection) in connections {
            connection.watch.end()
            close(descriptor)
        }
        continuation.finish()
    }

    /// Accepts connections from now on.
    func start() {
        guard listenerWatch == nil else { return }
        listenerWatch = thread.watch(listener.descriptor, for: .readable) { [weak self] _ in
            self?.assumeIsolated { $0.accept() }
        }
    }

    /// Accepts no more connections, and ends ``events``.
    public func stop() {
        listenerWatch?.end()
        for descriptor in Array(connections.keys) { end(descriptor) }
        continuation.finish()
    }

    /// Answers every push with this status from now on, to test how a server handles it.
    package func answerWith(status: Int?) { answer = status }

    // MARK: - Connections

    private func accept() {
        guard let descriptor = listener.accept() else { return }
        guard connections.count < Self.connectionsMax else {
            close(descriptor)
            return
        }
        let watch = thread.watch(descriptor, for: .readable) { [weak self] _ in
            self?.assumeIsolated { $0.read(descriptor) }
        }
        connections[descriptor] = (watch, PushRequestParser())
    }

    private func read(_ descriptor: Int32) {
        guard var connection = connections[descriptor] else { return }
        var bytes = [UInt8](repeating: 0, count: 16 * 1024)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else {
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            end(descriptor)
            return
        }
        connection.parser.receive(bytes[..<count])
        do throws(PushRequestParser.ParseError) {
            while let request = try connection.parser.next() { answer(request, on: descriptor) }
            connections[descriptor]?.parser = connection.parser
        } catch {
            write(status: error == .tooLong ? 413 : 400, to: descriptor, "Connection: close\r\n")
            end(descriptor)
        }
    }

    private func answer(_ request: PushRequest, on descriptor: Int32) {
        if let answer {
            write(status: answer, to: descriptor)
            continuation.yield(.answered(status: answer))
            return
        }
        do throws(PushRejection) {
            let push = try inbox.receive(request, now: Moment.now.wall)
            write(status: 201, to: descriptor)
            continuation.yield(.push(push))
        } catch {
            write(status: error.status, to: descriptor)
            continuation.yield(.rejected(error))
        }
    }

    private func write(status: Int, to descriptor: Int32, _ fields: String = "") {
        let answer = Array("HTTP/1.1 \(status) Push\r\nContent-Length: 0\r\n\(fields)\r\n".utf8)
        // The buffer is empty and takes these few bytes, unless the peer has gone.
        _ = send(descriptor, answer, answer.count, Int32(MSG_NOSIGNAL))
    }

    private func end(_ descriptor: Int32) {
        guard let connection = connections.removeValue(forKey: descriptor) else { return }
        connection.watch.end()
        close(descriptor)
    }
}
