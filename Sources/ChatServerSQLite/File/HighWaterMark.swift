import ChatServerLite
import Glibc

/// Records the progress of a database in a small file outside it. When an older copy of the database replaces
/// it, this file stays and reveals that.
///
/// It is written after each commit and never flushed. It survives a killed program. After a power loss it may
/// be behind the database, never ahead. One thread owns it.
final class HighWaterMark {
    /// The progress of a database.
    struct Position: Equatable {
        let epoch: Int64
        /// The number of the last change.
        let sequence: Int64
        /// The highest id that a message ever had.
        let newestMessage: Int64
    }

    /// The position in the file when it was opened; nil when the file is new or not a mark.
    let found: Position?
    private let descriptor: Int32
    private var last: Position?

    /// Opens the file. A missing file is created, and its directory too.
    init(path: String) throws(PrivateFile.Failure) {
        try PrivateFile.createDirectory(PrivateFile.parent(of: path))
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(code: errno) }
        found = Self.read(descriptor)
    }

    deinit { close(descriptor) }

    /// Records the database's progress. If writing fails, the next commit tries again.
    func write(epoch: Int64, sequence: Int64, newestMessage: Int64) {
        let position = Position(epoch: epoch, sequence: sequence, newestMessage: newestMessage)
        guard position != last else { return }
        let words = [Self.magic, epoch, sequence, newestMessage].map(\.littleEndian)
        let count = words.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        if count == Self.length { last = position }
    }

    private static let magic: Int64 = 0x6D79_6368_6174_2D31
    private static let length = 4 * MemoryLayout<Int64>.size

    private static func read(_ descriptor: Int32) -> Position? {
        var words = [Int64](repeating: 0, count: 4)
        let count = words.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count == length, Int64(littleEndian: words[0]) == magic else { return nil }
        return Position(
            epoch: Int64(littleEndian: words[1]), sequence: Int64(littleEndian: words[2]),
            newestMessage: Int64(littleEndian: words[3]))
    }
}
