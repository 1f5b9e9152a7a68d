import Foundation

/// A file system in memory, of a few megabytes.
struct SmallDisk {
    let path: String

    static let isPossible: Bool = {
        guard geteuid() == 0, let disk = try? SmallDisk(megabytes: 1) else { return false }
        disk.remove()
        return true
    }()

    init(megabytes: Int) throws {
        path = try TestServer.makeDirectory()
        guard mount("none", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            try? FileManager.default.removeItem(atPath: path)
            throw CocoaError(.fileWriteNoPermission)
        }
    }

    /// Makes the file system read-only.
    func makeReadOnly() -> Bool { mount("none", path, nil, UInt(MS_REMOUNT | MS_RDONLY), nil) == 0 }

    func remove() {
        // This works even when a file is still open.
        umount2(path, Int32(MNT_DETACH))
        try? FileManager.default.removeItem(atPath: path)
    }
}
