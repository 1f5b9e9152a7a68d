import ChatWire
import Glibc

/// The person's own editor on a text: `VISUAL`, `EDITOR`, or what the system has.
enum ExternalEditor {
    enum Outcome: Hashable, Sendable {
        case saved(String)
        /// The editor ended with an error; this is what its file held by then.
        case failed(left: String)
        /// The file is not UTF-8; this is the part that can be read.
        case notText(left: String)
        /// The file is longer than ``bytesMax``.
        case tooLong
        /// What the variable names could not be started; nil where none is set and the system has no editor.
        case noEditor(Choice?)
        /// The text could not be written for it: where, and the system's reason.
        case noFile(reason: String)
    }

    /// What a variable says about the editor.
    struct Choice: Hashable, Sendable {
        var variable: String
        var words: String
    }

    /// The longest text that a file may bring back, in bytes.
    static let bytesMax = 1 << 20

    /// Runs the editor on the terminal, which must have been given back, until it ends. The file is private
    /// to the person and is gone afterwards.
    ///
    /// - Parameter places: the directories to try for the file; nil for those of the environment and the system.
    static func edit(_ text: String, environment: [String: String], places: [String]? = nil) -> Outcome {
        let file: File
        do throws(FileFailure) {
            file = try File(
                text, places: places ?? TemporaryPlaces.all(environment: environment, forPrivate: true))
        } catch {
            return .noFile(reason: error.reason)
        }
        defer { file.remove() }
        let choice = choice(environment)
        let words = ["/bin/sh", "-c", command(for: choice), "sh", file.path, choice?.words ?? ""]
        guard let status = TerminalChild.run(words, environment: environment) else {
            return .noEditor(choice)
        }
        let left = file.read()
        // A shell reports with this status that it found no program, or one that it may not run.
        if [126 << 8, 127 << 8].contains(status), left == .text(text) { return .noEditor(choice) }
        switch left {
        case .text(let left): return status == 0 ? .saved(left) : .failed(left: left)
        case .notText(let left): return status == 0 ? .notText(left: left) : .failed(left: left)
        case .tooLong: return .tooLong
        case .unreadable: return .failed(left: text)
        }
    }

    private static func choice(_ environment: [String: String]) -> Choice? {
        for variable in ["VISUAL", "EDITOR"] {
            let words = strippedLikePython(environment[variable] ?? "")
            if !words.isEmpty { return Choice(variable: variable, words: words) }
        }
        return nil
    }

    /// A script for a shell. The first parameter is the file, the second one the variable's words.
    private static func command(for choice: Choice?) -> String {
        // What is not set is looked for as Debian does.
        guard let choice else {
            return
                "for e in sensible-editor nano vi; do command -v $e >/dev/null && exec $e \"$1\"; done; exit 127"
        }
        // The words may hold options, quotes and assignments, unless they are the name of a program as they stand.
        return isProgram(choice.words) ? "exec \"$2\" \"$1\"" : choice.words + " \"$1\""
    }

    private static func isProgram(_ path: String) -> Bool {
        var information = stat()
        return path.contains("/") && stat(path, &information) == 0
            && information.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// What the editor left.
    private enum Left: Hashable {
        case text(String)
        case notText(String)
        case tooLong
        case unreadable
    }

    private struct FileFailure: Error {
        var reason: String
    }

    /// A private file with a text in it.
    private struct File {
        let path: String

        /// Creates the file in the first directory that allows it.
        init(_ text: String, places: [String]) throws(FileFailure) {
            var failure = FileFailure(reason: "")
            for place in places {
                do throws(FileFailure) {
                    path = try Self.make(text, in: place)
                    return
                } catch {
                    failure = error
                }
            }
            throw failure
        }

        private static func make(_ text: String, in place: String) throws(FileFailure) -> String {
            var template = Array("\(place)/mychat-XXXXXX.txt".utf8CString)
            // Created with mode 0600, and never through a symbolic link that another user prepared.
            let descriptor = mkstemps(&template, 4)
            guard descriptor >= 0 else { throw failure(at: place) }
            defer { close(descriptor) }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    let failure = failure(at: place)
                    unlink(path)
                    throw failure
                }
                rest = rest.dropFirst(count)
            }
            return path
        }

        private static func failure(at place: String) -> FileFailure {
            FileFailure(reason: "\(place): \(String(cString: strerror(errno)))")
        }

        func read() -> Left {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return .unreadable }
            defer { close(descriptor) }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 16_384)
            while bytes.count <= ExternalEditor.bytesMax {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { return .unreadable }
                guard count > 0 else { return ExternalEditor.left(in: bytes) }
                bytes += buffer.prefix(count)
            }
            return .tooLong
        }

        func remove() { unlink(path) }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The text, whatever system's line breaks it has, without the one that editors put at its end and without a byte
    /// order mark.
    private static func left(in bytes: [UInt8]) -> Left {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var previous: UInt8 = 0
        for byte in bytes.dropFirst(bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0) {
            let isReturn = byte == UInt8(ascii: "\r")
            let endsReturn = byte == UInt8(ascii: "\n") && previous == UInt8(ascii: "\r")
            if !endsReturn { text.append(isReturn ? UInt8(ascii: "\n") : byte) }
            previous = byte
        }
        if text.last == UInt8(ascii: "\n") { text.removeLast() }
        guard let valid = String(validating: text, as: UTF8.self) else {
            return .notText(String(decoding: text, as: UTF8.self))
        }
        return .text(valid)
    }
}
