import Foundation
import Glibc

/// A loopback peer that gives every request the same answer.
final class ScriptedHTTPServer: Sendable {
    let url: String
    private let listener: Int32

    init(answer: String) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.detachNewThread {
            // Only this thread closes the descriptor: otherwise it could accept on one that was given out again.
            defer { close(descriptor) }
            while true {
                let peer = accept(descriptor, nil, nil)
                guard peer >= 0 else { return }
                var request = [UInt8](repeating: 0, count: 4096)
                if recv(peer, &request, request.count, 0) > 0 {
                    _ = answer.withCString { send(peer, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
                }
                close(peer)
            }
        }
    }

    /// Stops listening and ends the thread.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }
}
