import Glibc

/// The right to send for an account and to hold its link, among all programs on this machine. The system releases it
/// when the program ends in any way.
struct SenderLock: ~Copyable {
    private let descriptor: Int32

    /// Nil while another program has the lock.
    static func take(_ path: String) throws(ChatError) -> SenderLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(path: path, code: errno) }
        // flock, not fcntl: its lock belongs to this open file. So two clients in one program also exclude each
        // other, and closing another descriptor of the file does not release it.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            guard code == EWOULDBLOCK else { throw .file(path: path, code: code) }
            return nil
        }
        return SenderLock(descriptor: descriptor)
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
