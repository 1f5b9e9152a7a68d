import ChatCrypto
import ChatWire
import Foundation
import Synchronization
import Testing

/// A push service on the loopback address. It collects its requests and gives the answers set by a test.
final class PushServiceStandIn: Sendable {
    struct Push: Sendable {
        let target: String
        /// The header fields; names are in lower case.
        let headers: [String: String]
        let body: [UInt8]
    }

    private struct State {
        var pushes: [Push] = []
        var answers: [Int] = []
        var connections: [Int32] = []
        var rawAnswer: [UInt8]?
        var holds = false
        var held = 0
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())
    private let arrived = DispatchSemaphore(value: 0)
    private let released = DispatchSemaphore(value: 0)

    /// A status that means no answer at all.
    static let silence = 0

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound)
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                state.withLock { $0.connections.append(connection) }
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    func stop() {
        releaseAnswers()
        shutdown(listener, Int32(SHUT_RDWR))
        // Under the lock, so that no connection is closed meanwhile and its descriptor reused.
        state.withLock { state in
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    /// Sets the statuses of the next requests. Further requests are answered with 201.
    func answer(with statuses: [Int]) { state.withLock { $0.answers = statuses } }

    /// Holds all answers back until ``releaseAnswers()``.
    func holdAnswers() { state.withLock { $0.holds = true } }

    func releaseAnswers() {
        let held = state.withLock { state in
            defer { (state.holds, state.held) = (false, 0) }
            return state.held
        }
        for _ in 0..<held { released.signal() }
    }

    /// Sets the raw answer to each request. The connection ends after it.
    func answer(withRaw bytes: [UInt8]) { state.withLock { $0.rawAnswer = bytes } }

    /// Waits for the next push. It blocks its own thread, because the server's sender needs the threads that
    /// tasks share.
    func next(sourceLocation: SourceLocation = #_sourceLocation) async throws -> Push {
        let isThere = await withCheckedContinuation { continuation in
            Thread.detachNewThread { [arrived] in
                continuation.resume(returning: arrived.wait(timeout: .now() + 90) == .success)
            }
        }
        try #require(isThere, "no push came", sourceLocation: sourceLocation)
        return state.withLock { $0.pushes.removeFirst() }
    }

    /// The next pushes, in order.
    func next(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws -> [Push] {
        var pushes: [Push] = []
        for _ in 0..<count { pushes.append(try await next(sourceLocation: sourceLocation)) }
        return pushes
    }

    private func serve(_ connection: Int32) {
        defer {
            state.withLock { state in
                state.connections.removeAll { $0 == connection }
                close(connection)
            }
        }
        var bytes: [UInt8] = []
        while let (push, length) = receive(connection, &bytes) {
            bytes.removeFirst(length)
            let (status, waits) = state.withLock { state in
                state.pushes.append(push)
                if state.holds { state.held += 1 }
                return (state.answers.isEmpty ? 201 : state.answers.removeFirst(), state.holds)
            }
            arrived.signal()
            if waits { released.wait() }
            if let raw = state.withLock({ $0.rawAnswer }) {
                _ = send(connection, raw, raw.count, Int32(MSG_NOSIGNAL))
                return
            }
            if status == Self.silence {
                // Waits until the peer or stop() closes the connection.
                var byte: UInt8 = 0
                _ = recv(connection, &byte, 1, 0)
                return
            }
            let location = status == 302 ? "Location: /elsewhere\r\n" : ""
            let length = status == 204 ? "" : "Content-Length: 0\r\n"
            let answer = Array("HTTP/1.1 \(status) X\r\n\(location)\(length)Retry-After: 0\r\n\r\n".utf8)
            _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
        }
    }

    private func receive(_ connection: Int32, _ bytes: inout [UInt8]) -> (Push, length: Int)? {
        while true {
            if let found = Self.parse(bytes) { return found }
            var chunk = [UInt8](repeating: 0, count: 8192)
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk[..<count]
        }
    }

    private static func parse(_ bytes: [UInt8]) -> (Push, length: Int)? {
        guard let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = end.upperBound + (Int(headers["content-length"] ?? "") ?? 0)
        guard bytes.count >= length else { return nil }
        let target = lines[0].split(separator: " ")[1]
        return (
            Push(target: String(target), headers: headers, body: Array(bytes[end.upperBound..<length])),
            length
        )
    }
}

/// A browser that can subscribe to pushes.
struct Browser {
    let endpoint: String
    let key = P256PrivateKey()
    let secret = RandomBytes.generate(16)

    init(_ service: PushServiceStandIn, _ target: String) {
        endpoint = "http://127.0.0.1:\(service.port)\(target)"
    }

    static func keys(_ key: P256PublicKey, _ secret: [UInt8]) -> JSONValue {
        ["p256dh": .string(Base64URL.encode(key.point)), "auth": .string(Base64URL.encode(secret))]
    }

    func subscribe(_ account: Account, _ server: TestServer) throws {
        let answer = try server.http().post(
            "/api/push/subscribe",
            ["subscription": ["endpoint": .string(endpoint), "keys": Self.keys(key.publicKey, secret)]],
            token: account.token)
        #expect(answer.status == 200)
        #expect(answer.message == "Subscription salva com sucesso")
    }

    func open(_ push: PushServiceStandIn.Push) throws -> JSONValue {
        try JSONValue(parsing: try open(push.body))
    }

    /// Decrypts a body.
    func open(_ body: [UInt8]) throws -> [UInt8] {
        try WebPushMessage.open(body, with: key, secret: secret)
    }

    var privateKeyText: String { Base64URL.encode(key.secret) }
    var secretText: String { Base64URL.encode(secret) }
}
