import Glibc

/// What a path leads to, for somebody who wants to put a file in its place.
package struct FileTarget: Hashable, Sendable {
    /// The path at the end of all links. Nothing need be there yet.
    package let path: String
    /// True for a regular file, or nothing: another file may be renamed to it.
    package let isReplaceable: Bool

    /// As many links as the system itself follows.
    private static let linksMax = 40

    /// Follows the links, also one that leads to nothing.
    ///
    /// - Throws: `ChatError.file` when links lead in a circle.
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

    /// What the link at this path names; nil when there is no link.
    private static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(path, &buffer, buffer.count)
        guard length > 0, length < buffer.count else { return nil }
        return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// With its slash; empty for a bare name.
    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }
}
