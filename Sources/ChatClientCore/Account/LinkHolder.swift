import Glibc

/// The program on this machine that holds the lock of an account, and so its link.
package struct LinkHolder: Hashable, Sendable {
    /// The process id of the program.
    package let process: Int32
    /// True when the program is stopped (SIGSTOP, Ctrl-Z, a debugger). It still holds the link, but does nothing.
    package let isStopped: Bool

    /// In bytes; the list of all locks on a busy machine is shorter.
    private static let lengthMax = 1 << 20

    /// The other program that has locked the file at `path`; nil when there is none or the system does not say.
    static func other(of path: String) -> LinkHolder? {
        var information = stat()
        guard stat(path, &information) == 0, let locks = text(of: "/proc/locks") else { return nil }
        // `1: FLOCK  ADVISORY  WRITE 4711 08:02:131 0 EOF`. The format of devices varies, that of inodes does not.
        for line in locks.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count >= 6, fields[1] == "FLOCK", let process = Int32(fields[4]),
                process != getpid(),
                fields[5].split(separator: ":").last.flatMap({ UInt64($0) }) == UInt64(information.st_ino)
            else { continue }
            return LinkHolder(process: process, isStopped: isStopped(process))
        }
        return nil
    }

    /// The state follows the name, which is in parentheses and may contain anything.
    private static func isStopped(_ process: Int32) -> Bool {
        guard let text = text(of: "/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else {
            return false
        }
        let state = text[end...].dropFirst().first { $0 != " " }
        return state == "T" || state == "t"
    }

    /// The text of a file in /proc. Such files report no length, and are read in pieces.
    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while bytes.count < lengthMax {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension ChatClient {
    /// The program that holds the account's link instead of this one; nil when there is none, or when nobody is
    /// signed in.
    package func linkHolder() -> LinkHolder? {
        guard let session, !session.hasLock else { return nil }
        return LinkHolder.other(of: session.lockPath)
    }
}
