import ChatWire
import Glibc

/// The person's own editor on a text: `VISUAL`, `EDITOR`, or what the system has.
enum ExternalEditor {
    enum Outcome: Hashable, Sendable {
        case saved(String)
        /// The editor ended with an error; this is what its file held by then.
        case failed(left: String)
        /// It could not be started, or the text could not be written for it.
        case unavailable
    }

    /// What a file may bring back.
    private static let bytesMax = 1 << 20

    /// Runs the editor on the terminal, which must have been given back, until it ends. The file is private
    /// to the person and is gone afterwards.
    static func edit(_ text: String, environment: [String: String]) -> Outcome {
        guard let file = File(text, environment: environment) else { return .unavailable }
        defer { file.remove() }
        let editor = ["VISUAL", "EDITOR"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        // The variable may hold options; what is not set is looked for as Debian does.
        let command =
            editor.map { "exec \($0) \"$1\"" }
            ?? "for e in sensible-editor nano vi; do command -v $e >/dev/null && exec $e \"$1\"; done; exit 127"
        guard let status = run(["/bin/sh", "-c", command, "sh", file.path], environment: environment) else {
            return .unavailable
        }
        let left = file.read()
        if status == 127 << 8, left == text { return .unavailable }
        return status == 0 ? .saved(left) : .failed(left: left)
    }

    /// Starts a program on our terminal and waits for its end; its wait status, nil if it did not start.
    private static func run(_ words: [String], environment: [String: String]) -> Int32? {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // It shares our process group, and with it the terminal; signals are as usual for it.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let arguments = words.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for copy in arguments + variables { free(copy) } }
        var child: pid_t = 0
        guard posix_spawn(&child, words[0], nil, &attributes, arguments, variables) == 0 else { return nil }
        return wait(for: child)
    }

    private static func wait(for child: pid_t) -> Int32? {
        while true {
            var status: Int32 = 0
            let result = waitpid(child, &status, WUNTRACED)
            if result < 0 {
                guard errno == EINTR else { return nil }
            } else if status & 0xFF == 0x7F {
                // The editor was suspended: so are we, or the shell would wait for us. `fg` wakes both.
                raise(SIGSTOP)
                kill(child, SIGCONT)
            } else {
                return status
            }
        }
    }

    /// A private file with a text in it.
    private struct File {
        let path: String

        init?(_ text: String, environment: [String: String]) {
            let folder =
                ["XDG_RUNTIME_DIR", "TMPDIR"].lazy.compactMap { environment[$0] }.first { $0.hasPrefix("/") }
            var template = Array("\(folder ?? "/tmp")/mychat-XXXXXX.txt".utf8CString)
            // Made with 0600, and never through a link that somebody laid.
            let descriptor = mkstemps(&template, 4)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    remove()
                    return nil
                }
                rest = rest.dropFirst(count)
            }
        }

        /// The text without the line break that editors put at its end.
        func read() -> String {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return "" }
            defer { close(descriptor) }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 16_384)
            while bytes.count < ExternalEditor.bytesMax {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                bytes += buffer.prefix(count)
            }
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            return String(decoding: bytes, as: UTF8.self)
        }

        func remove() { unlink(path) }
    }
}
