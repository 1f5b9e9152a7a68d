import ChatWire
import Glibc

/// Asks a running server through its socket. It blocks.
package struct AdministrationClient: Sendable {
    let path: String

    package init(path: String) { self.path = path }

    /// Sends a request and waits for the answer.
    ///
    /// - Throws: ``NobodyThere`` when no server listens, else an ``AdministrationFailure``.
    package func ask(_ request: AdministrationRequest) throws -> AdministrationAnswer {
        let body = request.json.serialized()
        guard body.count <= AdministrationRequest.bytesMax else { throw AdministrationFailure.malformed }
        let descriptor = try connect()
        defer { close(descriptor) }
        let head =
            "POST \(AdministrationListener.target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
        try send(Array(head.utf8) + body, descriptor)
        let response = try receive(descriptor)
        let limits = JSONLimits(bytesMax: AdministrationRequest.answerBytesMax)
        guard let json = try? JSONValue(parsing: response.body, limits: limits) else {
            throw AdministrationFailure.malformed
        }
        if let failure = AdministrationFailure(json) { throw failure }
        guard response.status == 200 else { throw AdministrationFailure.malformed }
        return try AdministrationAnswer(json)
    }

    /// No process listens at the path.
    package struct NobodyThere: Error {}

    private func connect() throws -> Int32 {
        guard path.utf8.count < 108 else { throw NobodyThere() }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure() }
        var address = UnixAddress.make(path: Array(path.utf8))
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if code == 0 { return descriptor }
        defer { close(descriptor) }
        if errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR { throw NobodyThere() }
        throw failure()
    }

    private func send(_ bytes: [UInt8], _ descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 || errno == EINTR else { throw failure() }
            rest = rest.dropFirst(max(0, count))
        }
    }

    private func receive(_ descriptor: Int32) throws -> HTTPResponse {
        var parser = HTTPResponseParser(
            method: .post, limits: HTTPLimits(bodyLength: AdministrationRequest.answerBytesMax))
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        do {
            while true {
                let count = recv(descriptor, &chunk, chunk.count, 0)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw failure() }
                let response =
                    count == 0 ? try parser.receiveEndOfInput() : try parser.receive(Array(chunk[..<count]))
                if let response { return response }
                if count == 0 { throw closed }
            }
        } catch is HTTPParseError {
            throw closed
        }
    }

    /// The server closes the connections of other users without a word.
    private var closed: AdministrationFailure {
        .unreachable(path: path, reason: "it closed the connection")
    }

    private func failure() -> AdministrationFailure {
        .unreachable(path: path, reason: String(cString: strerror(errno)))
    }
}
