import ChatServerLite
import Foundation
import Testing

@testable import ChatServerLite

/// Unix sockets for tests.
enum UnixTestClient {
    /// The answer to a question for the server's health.
    static func health(_ path: String) throws -> String {
        let descriptor = try connect(path)
        defer { close(descriptor) }
        return try health(on: descriptor)
    }

    static func health(on descriptor: Int32) throws -> String {
        let request = Array("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8)
        try #require(send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count)
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += chunk[..<count]
        }
    }

    static func connect(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        try #require(withAddress(path) { Glibc.connect(descriptor, $0, $1) } == 0, "\(path): \(errno)")
        return descriptor
    }

    /// Opens a socket at a path, and lets it listen if it is a stream.
    static func listen(_ path: String, type: __socket_type = SOCK_STREAM) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(type.rawValue), 0)
        try #require(withAddress(path) { bind(descriptor, $0, $1) } == 0, "\(path): \(errno)")
        if type == SOCK_STREAM { try #require(Glibc.listen(descriptor, 8) == 0) }
        return descriptor
    }

    /// The next message; empty when none comes.
    static func datagram(_ descriptor: Int32) -> String {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 60_000) > 0 else { return "" }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = UnixAddress.make(path: Array(path.utf8))
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
