import Glibc

/// A directory for one run, mode 0700.
public struct TemporaryDirectory: Sendable {
    public let path: String

    /// Creates a directory in `TMPDIR`, or if that fails in `/tmp` or `/var/tmp`.
    public init(environment: [String: String]) throws(ConfigurationError) {
        var failure = ConfigurationError.unusablePath(path: "/tmp", reason: "")
        for parent in [environment["TMPDIR"] ?? "", "/tmp", "/var/tmp"] where parent.hasPrefix("/") {
            var template = Array((parent + "/mychat-demo-" + String(repeating: "X", count: 6)).utf8CString)
            if mkdtemp(&template) != nil {
                path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
                return
            }
            failure = .unusablePath(path: parent, reason: String(cString: strerror(errno)))
        }
        throw failure
    }

    /// Deletes the directory and the files in it. Subdirectories are not expected; if there is one, the
    /// directory stays.
    public func remove() {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { unlink(path + "/" + name) }
            }
            closedir(directory)
        }
        rmdir(path)
    }
}
