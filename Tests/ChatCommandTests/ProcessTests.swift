import Foundation
import Glibc
import Logging
import Testing

@testable import ChatCommand

@Suite("Child processes")
struct ChildProcessTests {
    private static let environment = ["PATH": "/usr/bin:/bin"]

    private func shell(_ script: String, input: ChildProcess.Stream = .null) throws -> ChildProcess {
        try ChildProcess(
            executable: "/bin/sh", arguments: ["-c", script], environment: Self.environment, input: input,
            output: .pipe, error: .null)
    }

    @Test("Lines come one by one, then nothing; the exit status is known")
    func lines() throws {
        let child = try shell("echo one; printf two; exit 7")
        #expect(try child.readLine(limit: 100, milliseconds: 10_000) == Array("one".utf8))
        #expect(try child.readLine(limit: 100, milliseconds: 10_000) == Array("two".utf8))
        #expect(try child.readLine(limit: 100, milliseconds: 10_000) == nil)
        #expect(child.wait(milliseconds: 10_000) == .exited(7))
        #expect(child.poll() == .exited(7))
    }

    @Test("A line beyond the limit is an error")
    func longLine() throws {
        let child = try shell("printf 123456789")
        #expect(throws: SystemError(code: EMSGSIZE, operation: "read")) {
            try child.readLine(limit: 4, milliseconds: 10_000)
        }
        child.end(milliseconds: 10_000)
    }

    @Test("A child that waits for its input ends when that is closed")
    func endOfInput() throws {
        let child = try shell("cat >/dev/null; exit 3", input: .pipe)
        #expect(child.poll() == nil)
        child.closeInput()
        #expect(child.wait(milliseconds: 10_000) == .exited(3))
    }

    @Test("Who ignores that is ended by signals")
    func signals() throws {
        let polite = try shell("exec sleep 1000")
        #expect(polite.end(milliseconds: 50) == .signalled(SIGTERM))
        let stubborn = try shell("trap '' TERM; echo ready; while :; do sleep 1; done")
        #expect(try stubborn.readLine(limit: 100, milliseconds: 10_000) == Array("ready".utf8))
        #expect(stubborn.end(milliseconds: 50) == .signalled(SIGKILL))
    }

    @Test("Silence is given up after the time allowed")
    func silence() throws {
        let child = try shell("exec sleep 1000")
        #expect(try child.readLine(limit: 100, milliseconds: 20) == nil)
        child.end(milliseconds: 1)
    }

    @Test("A program that is not there is an error with its path")
    func missing() throws {
        let absent = try ScratchDirectory().path + "/absent"
        #expect(throws: SystemError(code: ENOENT, operation: "posix_spawn", path: absent)) {
            try ChildProcess(
                executable: absent, arguments: [], environment: [:], input: .null, output: .null,
                error: .null)
        }
    }

    @Test("The child has three descriptors and the usual signals, and leads its own group")
    func inheritance() throws {
        let child = try shell(
            "ls /proc/$$/fd | tr '\\n' ' '; exec grep -c 'SigBlk:.0000000000000000' /proc/self/status")
        let line = try child.readLine(limit: 1000, milliseconds: 10_000)
        let text = line.map { String(decoding: $0, as: UTF8.self) }
        // dash keeps no further descriptors; bash as sh would show one of its own.
        #expect(text?.hasPrefix("0 1 2 ") == true, "\(text ?? "none")")
        #expect(text?.hasSuffix("1") == true)
        #expect(getpgid(child.id) != getpgid(0) || child.poll() != nil)
        child.end(milliseconds: 10_000)
    }

    @Test("Programs are found by path or by name")
    func search() throws {
        // It is removed with its owner, at once.
        let absent = try ScratchDirectory().path
        #expect(ExecutablePath.find("/bin/sh", environment: [:]) == "/bin/sh")
        #expect(ExecutablePath.find("sh", environment: ["PATH": "\(absent):/bin"]) == "/bin/sh")
        #expect(ExecutablePath.find("sh", environment: ["PATH": absent]) == nil)
        #expect(ExecutablePath.find("/etc/passwd", environment: [:]) == nil)
        #expect(ExecutablePath.find("/bin", environment: [:]) == nil)
        #expect(ExecutablePath.current()?.hasPrefix("/") == true)
    }
}

@Suite("Files")
struct FileSystemTests {
    @Test("A tree goes with all that is in it, but not what links lead to")
    func removeTree() throws {
        let directory = try ScratchDirectory()
        let outside = directory.path + "/outside"
        let tree = directory.path + "/tree"
        try FileSystem.makeDirectories(outside)
        try FileSystem.makeDirectories(tree + "/a/b/c")
        try FileSystem.replace(outside + "/kept", with: [1])
        try FileSystem.replace(tree + "/a/b/c/file", with: [1, 2, 3])
        try FileManager.default.createSymbolicLink(atPath: tree + "/a/link", withDestinationPath: outside)
        try FileSystem.removeTree(tree)
        #expect(!FileManager.default.fileExists(atPath: tree))
        #expect(FileManager.default.fileExists(atPath: outside + "/kept"))
        try FileSystem.removeTree(tree)
    }

    @Test("Temporary directories are private and never the same")
    func temporary() throws {
        let directory = try ScratchDirectory()
        let one = try FileSystem.makeTemporaryDirectory(prefix: "x", environment: ["TMPDIR": directory.path])
        let two = try FileSystem.makeTemporaryDirectory(prefix: "x", environment: ["TMPDIR": directory.path])
        #expect(one != two)
        #expect(one.hasPrefix(directory.path + "/x."))
        #expect(try FileManager.default.attributesOfItem(atPath: one)[.posixPermissions] as? Int == 0o700)
        // A variable of another login: the system's own directory still exists.
        let elsewhere = try FileSystem.makeTemporaryDirectory(
            prefix: "x", environment: ["TMPDIR": directory.path + "/absent"])
        #expect(elsewhere.hasPrefix("/tmp/x."))
        try FileSystem.removeTree(elsewhere)
    }

    @Test("Reading has a limit; a replaced file is private and whole")
    func contents() throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/file"
        try FileSystem.replace(path, with: Array("hello".utf8))
        #expect(try FileSystem.contents(of: path, limit: 5) == Array("hello".utf8))
        #expect(try FileSystem.contents(of: path, limit: 4) == nil)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(throws: SystemError(code: ENOENT, operation: "open", path: path + "x")) {
            try FileSystem.contents(of: path + "x", limit: 5)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["file"])
    }

    @Test("The keeper removes its directory when the pipe to it ends")
    func keeper() throws {
        let directory = try ScratchDirectory()
        let kept = directory.path + "/it's kept"
        try FileSystem.makeDirectories(kept + "/deep")
        let keeper = try DirectoryKeeper(directory: kept)
        #expect(FileManager.default.fileExists(atPath: kept))
        keeper.release()
        #expect(!FileManager.default.fileExists(atPath: kept))
    }

    @Test("Work that blocks has a thread of its own")
    func blocking() async {
        let mine = pthread_self()
        #expect(await BlockingThread.run { pthread_equal(pthread_self(), mine) } == 0)
        #expect(await BlockingThread.run { 42 } == 42)
    }
}

@Suite("Logging")
struct LoggingTests {
    @Test("Two private files of bounded size, and whole lines")
    func bounds() throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/deep/er/log"
        let file = LogFile(path: path, sizeMax: 1000)
        for number in 0..<500 { file.append("line \(number)") }
        file.append(String(repeating: "x", count: 5000))
        for name in [path, path + ".old"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: name)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect((attributes[.size] as? Int ?? .max) <= 1000)
            let text = try String(contentsOfFile: name, encoding: .utf8)
            #expect(text.hasSuffix("\n"))
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("xxx"))
        #expect(try String(contentsOfFile: path + ".old", encoding: .utf8).contains("line 499\n"))
    }

    @Test("Nothing is made before the first line; what cannot be written is given up")
    func quiet() throws {
        let directory = try ScratchDirectory()
        let file = LogFile(path: directory.path + "/log")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
        file.append("x")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["log"])
        LogFile(path: "/proc/nonexistent/log").append("x")
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/link", withDestinationPath: directory.path + "/elsewhere")
        LogFile(path: directory.path + "/link").append("x")
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/elsewhere"))
    }

    @Test("A line has time, level, label, message and metadata; secrets and controls stay out")
    func line() throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/log"
        let file = LogFile(path: path)
        var logger = Logger(label: "test") { FileLogHandler(label: $0, file: file, level: .info) }
        logger[metadataKey: "id"] = "7"
        logger.debug("not this")
        logger.info(
            "sent\u{1B}[31m",
            metadata: ["token": "abc.def", "Password": "hunter2", "state": "a\nb", "size": "3"])
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(
            text.hasSuffix(
                " info test: sent\\u{1b}[31m Password=<7 bytes> id=7 size=3 state=a\\u{a}b token=<7 bytes>\n")
        )
        #expect(text.prefix(24).hasSuffix("Z"))
        #expect(text.filter { $0 == "\n" }.count == 1)
    }
}
