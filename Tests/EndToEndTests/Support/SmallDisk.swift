import Foundation
import Testing

/// A small disk that can be filled: a file system in memory, in its own mount namespace, over a directory.
///
/// ``command(_:_:)`` starts the programs that see it. It is removed with its owner.
final class SmallDisk {
    let path: String
    private let keeper: ChildProcess

    /// Whether this system allows it. In CI it must.
    static let isPossible: Bool = {
        guard ProcessInfo.processInfo.environment["CI"] == nil else { return true }
        let result = try? EndToEndTests.run(
            "unshare", ["-r", "-m", "mount", "-t", "tmpfs", "none", NSTemporaryDirectory()],
            environment: freshEnvironment(home: "/"))
        return result?.status == 0
    }()

    init(over path: String, kilobytes: Int) throws {
        self.path = path
        let script = "mount -t tmpfs -o size=\(kilobytes)k,mode=700 none \"$1\" && echo mounted && exec cat"
        keeper = try ChildProcess(
            "unshare", ["-r", "-m", "sh", "-c", script, "sh", path], environment: freshEnvironment(home: "/"),
            hasInput: true)
        #expect(keeper.output.availableData == Data("mounted\n".utf8))
    }

    /// A command line that runs `program` so that it sees the disk.
    func command(_ program: String, _ arguments: [String]) -> [String] {
        ["nsenter", "-t", String(keeper.pid), "-U", "-m", "--preserve-credentials", program] + arguments
    }

    @discardableResult
    func run(
        _ program: String, _ arguments: [String], environment: [String: String], input: String? = nil
    ) throws -> CommandResult {
        let line = command(program, arguments)
        return try EndToEndTests.run(
            line[0], Array(line.dropFirst()), environment: environment, input: input)
    }

    /// Leaves no free space.
    func fill() throws {
        try run(
            "sh", ["-c", "cat /dev/zero >\"$1/filler\"; true", "sh", path],
            environment: freshEnvironment(home: "/"))
    }

    /// Makes the file system read-only.
    func makeReadOnly() throws {
        let result = try run("mount", ["-o", "remount,ro", path], environment: freshEnvironment(home: "/"))
        #expect(result.status == 0, "\(result.errors)")
    }

    /// Releases what ``fill()`` took.
    func free() throws {
        let result = try run("rm", [path + "/filler"], environment: freshEnvironment(home: "/"))
        #expect(result.status == 0, "\(result.errors)")
    }
}
