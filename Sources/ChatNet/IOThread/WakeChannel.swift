import Glibc

/// Makes poll(2) return. It is a pair of connected sockets: one is polled, the other is written to.
struct WakeChannel: ~Copyable {
    let pollDescriptor: Int32
    private let signalDescriptor: Int32

    init() {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        // A program that starts without a free descriptor can do nothing at all.
        precondition(
            socketpair(AF_UNIX, type, 0, &pair) == 0, "no descriptors for an I/O thread: errno \(errno)")
        pollDescriptor = pair[0]
        signalDescriptor = pair[1]
    }

    deinit {
        close(pollDescriptor)
        close(signalDescriptor)
    }

    borrowing func signal() {
        var byte: UInt8 = 1
        // A full buffer means that enough signals are already pending.
        _ = send(signalDescriptor, &byte, 1, Int32(MSG_NOSIGNAL))
    }

    borrowing func drain() {
        var bytes: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        while recv(pollDescriptor, &bytes, 32, 0) == 32 {}
    }
}
