import Glibc

/// Makes sure that a directory is removed when this process ends in any way.
///
/// A shell waits for the end of a pipe whose other end only this process holds, and then removes the directory: after
/// kill -9 this process cannot do it.
final class DirectoryKeeper: Sendable {
    private let process: ChildProcess

    init(directory: String) throws(SystemError) {
        process = try ChildProcess(
            executable: "/bin/sh",
            arguments: ["-c", "cat >/dev/null; rm -rf -- \"$1\"", "mychat-demo-cleanup", directory],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], input: .pipe, output: .null, error: .null)
    }

    /// In milliseconds.
    private static let timeout = 5000

    /// Removes the directory now, if it still exists. Blocks the calling thread.
    func release() {
        process.end(milliseconds: Self.timeout)
    }
}
