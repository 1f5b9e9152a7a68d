import Glibc

/// The target of a path, for replacing a file.
package struct FileTarget: Hashable, Sendable {
    /// The path after all links are resolved. Nothing needs to exist there.
    package let path: String
    /// True when the target is a regular file or missing: then another file may be renamed to it.
    package let isReplaceable: Bool

    /// The number of links that the system itself follows.
    private static let linksMax = 40

    /// Resolves the links, including a dangling one.
    ///
    /// - Throws: `ChatError.file` when the links form a cycle.
    package init(_ path: String) throws(ChatError) {
        var end = path
        var links = 0
        while let next = Self.link(end) {
            links += 1
            guard links <= Self.linksMax else { throw .file(path: path, code: ELOOP) }
            end = next.hasPrefix("/") ? next : Self.directory(of: end) + next
        }
        self.path = end
        var information = stat()
        isReplaceable = stat(end, &information) != 0 || information.st_mode & S_IFMT == S_IFREG
    }

    /// The target of the link at this path; nil when it is not a link.
    private static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(path, &buffer, buffer.count)
        guard length > 0, length < buffer.count else { return nil }
        return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The directory with its slash; empty for a bare name.
    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }
}
