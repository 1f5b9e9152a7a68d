import Glibc

/// Sees to it that a directory is removed when this process is gone, however it went.
///
/// A shell waits for the end of a pipe whose other end only this process holds, and then removes the
/// directory: kill -9 leaves no time to do it here.
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

    /// Removes the directory now, if it is still there. Blocks the calling thread.
    func release() {
        process.end(milliseconds: Self.timeout)
    }
}
