import ChatSQLite
import ChatWire
import Glibc

/// A copy of a damaged cache with a repaired beginning, which SQLite needs to read the rest. The files are deleted with
/// the object.
final class MendedCopy {
    /// How much of the beginning is replaced.
    enum Mend: CaseIterable {
        /// The header, which says how to read the file.
        case header
        /// The first page, which says where the tables are. They are where a new cache has them, as long as the schema
        /// was never extended.
        case firstPage
    }

    let path: String

    /// SQLite's default page size, which caches use.
    private static let pageSize = 4096
    /// SQLite's file format, section 1.3.
    private static let headerSize = 100

    /// Nil when the copy cannot be made.
    init?(of original: String, _ mend: Mend) {
        let path = original + ".mended"
        guard let size = Self.copy(original, to: path) else {
            unlink(path)
            return nil
        }
        self.path = path
        _ = Self.copy(original + "-wal", to: path + "-wal")
        guard var start = Self.newStart(beside: path) else { return nil }
        let pages = UInt32(clamping: size / Self.pageSize)
        // The size of the database in pages (offset 28). SQLite uses it when the numbers at 24 and 92 are equal.
        for index in 0..<4 {
            start[28 + index] = UInt8(truncatingIfNeeded: pages >> (24 - 8 * UInt32(index)))
        }
        start.replaceSubrange(92..<96, with: start[24..<28])
        let count = mend == .header ? Self.headerSize : start.count
        guard Self.write(start.prefix(count), at: path) else { return nil }
    }

    deinit {
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    }

    /// The first page of a new cache.
    private static func newStart(beside path: String) -> [UInt8]? {
        let model = path + ".model"
        defer { for suffix in ["", "-wal", "-shm"] { unlink(model + suffix) } }
        // Closing it moves the content of the log into the file.
        guard (try? ChatStore(path: model, me: UserID(0))) != nil else { return nil }
        let descriptor = open(model, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var page = [UInt8](repeating: 0, count: pageSize)
        return read(descriptor, &page, page.count) == page.count ? page : nil
    }

    /// - Returns: the size in bytes; nil when the file cannot be copied completely.
    private static func copy(_ from: String, to path: String) -> Int? {
        let source = open(from, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { return nil }
        defer { close(source) }
        let target = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard target >= 0 else { return nil }
        defer { close(target) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var size = 0
        while true {
            let count = read(source, &buffer, buffer.count)
            if count == 0 { return size }
            guard count > 0, Glibc.write(target, buffer, count) == count else { return nil }
            size += count
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, at path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) } == bytes.count
    }

    /// Copies the file and its log into a directory.
    ///
    /// - Returns: the path of the copy; nil when they cannot be copied.
    static func copyOfAll(_ path: String, into directory: String) -> String? {
        let target = directory + "/cache.db"
        guard copy(path, to: target) != nil else { return nil }
        guard access(path + "-wal", F_OK) != 0 || copy(path + "-wal", to: target + "-wal") != nil else {
            return nil
        }
        return target
    }
}
