import Foundation
import Glibc
import Synchronization
import Testing

/// Forwards bytes between a client and a server on loopback, and treats requests for WebSockets as proxies and
/// filters do.
final class FilteringProxy: Sendable {
    /// The treatment of a request for a WebSocket.
    enum Rule: Sendable {
        case pass
        /// It is answered with this status; only requests for new sessions are when `lettingUpgradesPass`.
        case refuse(status: Int, lettingUpgradesPass: Bool)
        /// The connection is closed without an answer.
        case hangUp
        /// Nothing is ever answered, and the connection stays open.
        case neverAnswer
        /// The handshake is answered, and nothing passes after it, while the connection stays open.
        case openAndSwallow
        /// The handshake is answered, and the connection is closed.
        case openAndHangUp
        /// New WebSockets are refused. Upgrades pass with their probe, and are cut at the next frame.
        case cutAfterTheProbe
        /// The proxy answers itself: after the handshake and the token it sends these packets, and nothing after
        /// them.
        case answer([String])
        /// New WebSockets are refused. A load balancer gives this cookie to each new polling client. A client that
        /// does not return it reaches a machine that does not know the session.
        case affinity(cookie: String)
        /// Everything is answered with this status, whatever the transport; only the REST API reaches the server.
        case answerEverything(status: Int)
        /// The REST API is answered by the proxy, with this status, these header lines and this body; only the
        /// realtime side reaches the server.
        case answerREST(status: Int, head: String = "", body: String)
        /// A firewall: it refuses WebSockets, and answers polling requests that contain this text with this status; with
        /// `byREST`, requests to the REST API too.
        case refuseText(String, status: Int, byREST: Bool)
    }

    let port: Int
    private let backend: Int
    private let host: String
    private let listener: Int32
    private let rule: Mutex<Rule>
    private let requests = Mutex<[String]>([])

    init(to backend: Int, at host: String = "127.0.0.1", _ rule: Rule) throws {
        self.backend = backend
        self.host = host
        self.rule = Mutex(rule)
        let (listener, port) = try Self.listen()
        self.listener = listener
        self.port = port
        Foundation.Thread.detachNewThread { [weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                if descriptor < 0 && (errno == ECONNABORTED || errno == EINTR) { continue }
                guard descriptor >= 0, let self else { break }
                Foundation.Thread.detachNewThread { self.serve(descriptor) }
            }
            close(listener)
        }
    }

    /// Makes accept(2) return, and the accepting thread closes the descriptor.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    func apply(_ rule: Rule) { self.rule.withLock { $0 = rule } }

    /// `websocket`, `polling` or `rest` for each connection's first request, in order; an upgrade is
    /// `websocket+sid`.
    var seen: [String] { requests.withLock { $0 } }

    private func serve(_ client: Int32) {
        defer { close(client) }
        guard let head = Self.readHead(client) else { return }
        let line = String(decoding: head.prefix { $0 != 13 }, as: UTF8.self)
        let isUpgrade = line.contains("&sid=")
        let isWebSocket = line.contains("transport=websocket")
        let kind = isWebSocket ? (isUpgrade ? "websocket+sid" : "websocket") : nil
        requests.withLock {
            $0.append(kind ?? (line.contains("transport=polling") ? "polling" : "rest"))
        }
        if case .answerEverything(let status) = rule.withLock({ $0 }), line.contains("/socket.io/") {
            return Self.refuse(status, client)
        }
        if case .answerREST(let status, let head, let body) = rule.withLock({ $0 }),
            !line.contains("/socket.io/")
        {
            let start = "HTTP/1.1 \(status) No\r\nConnection: close\r\n\(head)"
            return Self.write(
                Array("\(start)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8), to: client)
        }
        if case .affinity(let cookie) = rule.withLock({ $0 }), line.contains("transport=") {
            return balance(client, head, cookie, isKnown: isUpgrade, isWebSocket: isWebSocket)
        }
        if case .refuseText(let text, let status, let byREST) = rule.withLock({ $0 }) {
            let looks = byREST || line.contains("/socket.io/")
            return filter(client, head, looks ? text : nil, status, isWebSocket: isWebSocket)
        }
        guard isWebSocket else { return relay(client, head) }
        switch rule.withLock({ $0 }) {
        case .pass, .answerREST: relay(client, head)
        case .refuse(_, lettingUpgradesPass: true) where isUpgrade: relay(client, head)
        case .refuse(let status, _), .answerEverything(let status): Self.refuse(status, client)
        case .hangUp: break
        case .neverAnswer: Self.swallow(client)
        case .cutAfterTheProbe where isUpgrade: relayProbe(client, head)
        case .cutAfterTheProbe, .affinity, .refuseText: Self.refuse(503, client)
        case .answer(let packets): ScriptedRealtime(client).answer(head, packets)
        case .openAndSwallow, .openAndHangUp:
            // The backend's answer to the handshake is forwarded, and nothing after it.
            guard let server = try? Self.connect(to: backend, at: host) else { return }
            defer { close(server) }
            Self.write(head, to: server)
            if let answer = Self.readHead(server) { Self.write(answer, to: client) }
            if case .openAndSwallow = rule.withLock({ $0 }) { Self.swallow(client) }
        }
    }

    /// Reads everything until the client leaves.
    private static func swallow(_ client: Int32) {
        while read(1, from: client) != nil {}
    }

    private static func refuse(_ status: Int, _ client: Int32) {
        write(Array("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n".utf8), to: client)
    }

    private func balance(
        _ client: Int32, _ head: [UInt8], _ cookie: String, isKnown: Bool, isWebSocket: Bool
    ) {
        let text = String(decoding: head, as: UTF8.self)
        if isKnown, !text.contains("\r\nCookie: \(cookie)\r\n") { return Self.refuse(400, client) }
        if isWebSocket { return isKnown ? relay(client, head) : Self.refuse(503, client) }
        guard let server = try? Self.connect(to: backend, at: host) else { return }
        defer { close(server) }
        Self.write(Self.alone(head) + Self.readBody(of: head, client), to: server)
        if !isKnown, let answer = Self.readHead(server) {
            let status = answer.prefix { $0 != 10 } + [10]
            let field = Array("Set-Cookie: \(cookie); Path=/; HttpOnly\r\n".utf8)
            Self.write(Array(status + field + answer.dropFirst(status.count)), to: client)
        }
        Self.copy(from: server, to: client)
    }

    /// Limits the connection to one request, so that the proxy sees each request.
    private static func alone(_ head: [UInt8]) -> [UInt8] {
        let line = head.prefix { $0 != 10 } + [10]
        return Array(line) + Array("Connection: close\r\n".utf8) + head.dropFirst(line.count)
    }

    private static func readBody(of head: [UInt8], _ client: Int32) -> [UInt8] {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let length = lines.first { $0.hasPrefix("Content-Length: ") }.flatMap { Int($0.dropFirst(16)) }
        return length.flatMap { read($0, from: client) } ?? []
    }

    private func filter(
        _ client: Int32, _ head: [UInt8], _ forbidden: String?, _ status: Int, isWebSocket: Bool
    ) {
        if isWebSocket { return Self.refuse(403, client) }
        let body = Self.readBody(of: head, client)
        if let forbidden, String(decoding: body, as: UTF8.self).contains(forbidden) {
            let page = "<html>blocked</html>"
            let start =
                "HTTP/1.1 \(status) No\r\nConnection: close\r\nContent-Length: \(page.utf8.count)\r\n\r\n"
            return Self.write(Array((start + page).utf8), to: client)
        }
        guard let server = try? Self.connect(to: backend, at: host) else { return }
        defer { close(server) }
        Self.write(Self.alone(head) + body, to: server)
        Self.copy(from: server, to: client)
    }

    /// Forwards the handshake and one frame each way, and hangs up when the client sends another.
    private func relayProbe(_ client: Int32, _ head: [UInt8]) {
        guard let server = try? Self.connect(to: backend, at: host) else { return }
        defer { close(server) }
        Self.write(head, to: server)
        guard let answer = Self.readHead(server) else { return }
        Self.write(answer, to: client)
        // `2probe` with its mask, and `3probe`.
        guard let probe = Self.read(12, from: client) else { return }
        Self.write(probe, to: server)
        guard let echo = Self.read(8, from: server) else { return }
        Self.write(echo, to: client)
        _ = Self.read(1, from: client)
    }

    private func relay(_ client: Int32, _ head: [UInt8]) {
        guard let server = try? Self.connect(to: backend, at: host) else { return }
        defer { close(server) }
        Self.write(head, to: server)
        let isDone = DispatchSemaphore(value: 0)
        Foundation.Thread.detachNewThread {
            Self.copy(from: server, to: client)
            isDone.signal()
        }
        Self.copy(from: client, to: server)
        isDone.wait()
    }

    /// Copies until the end, and forwards the end.
    private static func copy(from source: Int32, to sink: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            write(Array(buffer.prefix(count)), to: sink)
        }
        shutdown(sink, Int32(SHUT_WR))
    }

    private static func read(_ count: Int, from descriptor: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < count {
            guard recv(descriptor, &byte, 1, 0) == 1 else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func readHead(_ descriptor: Int32) -> [UInt8]? {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while head.suffix(4) != [13, 10, 13, 10] {
            guard recv(descriptor, &byte, 1, 0) == 1 else { return nil }
            head.append(byte)
        }
        return head
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    private static func listen() throws -> (Int32, Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
                    && Glibc.listen(descriptor, 64) == 0
            }
        }
        try #require(result)
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    private static func connect(to port: Int, at host: String) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
        var address = loopback(port: UInt16(port))
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { throw POSIXError(.EINVAL) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                Glibc.connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        // A stopped server is not a failure of the test.
        guard result else {
            close(descriptor)
            throw POSIXError(.ECONNREFUSED)
        }
        return descriptor
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
