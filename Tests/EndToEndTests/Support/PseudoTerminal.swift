import Foundation
import Testing

/// A terminal played by the test: it sees the bytes that a program prints, and answers or not.
final class PseudoTerminal {
    private let main: Int32
    private let shell: pid_t
    private var printed = ""
    // Linux's values of POSIX_SPAWN_SETSID, TIOCSPTLCK and TIOCGPTN, macros that Swift does not import.
    private static let spawnsSession: Int16 = 0x80
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    /// Opens a terminal in which a shell runs `command`.
    init(_ command: String, environment: [String: String]) throws {
        main = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (isLocked, number): (Int32, UInt32) = (0, 0)
        guard main >= 0, ioctl(main, Self.setLock, &isLocked) == 0, ioctl(main, Self.getNumber, &number) == 0
        else {
            throw TerminalFailure(what: "/dev/ptmx", why: String(cString: strerror(errno)))
        }
        var size = winsize(ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(main, UInt(TIOCSWINSZ), &size)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/pts/\(number)", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Self.spawnsSession)
        var argv: [UnsafeMutablePointer<CChar>?] =
            (["sh", "-c", command] as [String]).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, "sh", &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw TerminalFailure(what: "sh", why: String(cString: strerror(code))) }
        shell = child
    }

    deinit {
        kill(shell, SIGKILL)
        close(main)
        var status: Int32 = 0
        waitpid(shell, &status, 0)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(main, bytes, bytes.count)
    }

    /// Waits until `text` has been printed, and returns what came before it. The next wait begins after it.
    ///
    /// The limit only ends a test that has already failed.
    @discardableResult
    func wait(
        for text: String, within seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let end = Date().addingTimeInterval(seconds)
        while true {
            if let range = printed.range(of: text) {
                defer { printed = String(printed[range.upperBound...]) }
                return String(printed[..<range.lowerBound])
            }
            var entry = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let left = Int32(max(0, end.timeIntervalSinceNow) * 1000)
            let count = poll(&entry, 1, left) > 0 ? read(main, &buffer, buffer.count) : 0
            guard count > 0 else {
                Issue.record("never saw \(text.debugDescription)", sourceLocation: sourceLocation)
                throw TerminalFailure(what: text, why: "not printed")
            }
            printed += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
    }
}
