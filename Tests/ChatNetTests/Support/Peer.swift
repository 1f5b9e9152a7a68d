import Glibc
import Testing

/// The other side of one accepted connection: plain blocking calls, for scripts.
final class Peer: Sendable {
    let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
        // If a test fails, its script still ends.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var enabled: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &enabled, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        close(descriptor)
    }

    /// The next bytes; `nil` at the end or when the connection is broken.
    func read(atMost count: Int = 65_536) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let received = recv(descriptor, &buffer, count, 0)
        return received > 0 ? Array(buffer.prefix(received)) : nil
    }

    /// The head of a request, including its empty line; `nil` when no more arrives.
    func readHead() -> String? {
        var head: [UInt8] = []
        while let byte = read(atMost: 1) {
            head += byte
            if head.suffix(4) == [13, 10, 13, 10] { return String(decoding: head, as: UTF8.self) }
        }
        return nil
    }

    func read(exactly count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard let more = read(atMost: count - bytes.count) else { return nil }
            bytes += more
        }
        return bytes
    }

    /// Everything until the end.
    func readToEnd() -> [UInt8] {
        var bytes: [UInt8] = []
        while let more = read() { bytes += more }
        return bytes
    }

    func write(_ text: String) {
        write(Array(text.utf8))
    }

    /// Writes everything, in pieces of this length.
    func write(_ bytes: [UInt8], pieceLength: Int = .max) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.prefix(pieceLength).withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    /// A complete answer that keeps the connection.
    func answer(_ body: String, status: String = "200 OK", headers: String = "") {
        write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    func endWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Makes the close a reset instead of an end.
    func resetWhenClosed() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }
}

extension Peer {
    /// Waits this long for the client to leave. Returns a byte to send while it is still there, otherwise `nil`.
    func readNothing(forMilliseconds milliseconds: Int32) -> UInt8? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) == 0 ? UInt8(ascii: "x") : nil
    }
}
