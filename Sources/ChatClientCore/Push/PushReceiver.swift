import ChatCrypto
import ChatNet
import ChatWire
import Glibc

/// A push endpoint on the loopback address of this machine, for servers on the same machine.
///
/// It answers each request itself: 201 for a push that could be read, an error for everything else.
public actor PushReceiver {
    /// What happens at the endpoint.
    public enum Event: Hashable, Sendable {
        case push(ReceivedPush)
        case rejected(PushRejection)
    }

    private nonisolated let thread: IOThread
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// `http://127.0.0.1:PORT/` and a path that cannot be guessed.
    public nonisolated let endpoint: String
    /// Ends with ``stop()``. Of more than some hundreds that nobody takes, the oldest are dropped.
    public nonisolated let events: AsyncStream<Event>

    private let inbox: PushInbox
    private let continuation: AsyncStream<Event>.Continuation
    private let listener: Int32
    private var listenerWatch: IOWatch?
    private var connections: [Int32: (watch: IOWatch, parser: PushRequestParser)] = [:]

    private static let connectionsMax = 32
    private static let eventsMax = 256

    /// Listens on a port that the system chooses.
    ///
    /// - Parameter serverKey: the server's public key; pushes of others are turned away.
    init(keys: PushKeys, serverKey: P256PublicKey, thread: IOThread) throws(NetError) {
        let (descriptor, port) = try Self.listen()
        self.thread = thread
        listener = descriptor
        let origin = "http://127.0.0.1:\(port)"
        let target = "/push/" + Base64URL.encode(RandomBytes.generate(16))
        endpoint = origin + target
        inbox = PushInbox(
            keys: keys, verifier: VAPIDVerifier(serverKey: serverKey, audience: origin), target: target)
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.eventsMax))
    }

    deinit {
        listenerWatch?.end()
        close(listener)
        for (descriptor, connection) in connections {
            connection.watch.end()
            close(descriptor)
        }
        continuation.finish()
    }

    /// Takes connections from now on.
    func start() {
        guard listenerWatch == nil else { return }
        listenerWatch = thread.watch(listener, for: .readable) { [weak self] _ in
            self?.assumeIsolated { $0.accept() }
        }
    }

    /// Takes no more, and ends ``events``.
    public func stop() {
        listenerWatch?.end()
        for descriptor in Array(connections.keys) { end(descriptor) }
        continuation.finish()
    }

    private static func listen() throws(NetError) -> (Int32, port: UInt16) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, type, 0)
        guard descriptor >= 0 else { throw .localResources(reason: String(cString: strerror(errno))) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && Glibc.listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw .localResources(reason: reason)
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    // MARK: - Connections

    private func accept() {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        guard connections.count < Self.connectionsMax, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0,
            fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
        else {
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
        // Some bytes into an empty buffer: it takes them all, or the peer has gone.
        _ = send(descriptor, answer, answer.count, Int32(MSG_NOSIGNAL))
    }

    private func end(_ descriptor: Int32) {
        guard let connection = connections.removeValue(forKey: descriptor) else { return }
        connection.watch.end()
        close(descriptor)
    }
}
