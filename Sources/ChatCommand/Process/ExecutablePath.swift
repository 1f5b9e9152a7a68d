import Glibc

/// Finds programs.
enum ExecutablePath {
    /// The file of this program itself.
    static func current() -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0, length < buffer.count else { return nil }
        return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The program with this name: a path unchanged, a bare name from `PATH`. Nil when nothing there can be executed.
    static func find(_ name: String, environment: [String: String]) -> String? {
        if name.contains("/") { return isExecutable(name) ? name : nil }
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").lazy.map { "\($0)/\(name)" }.first(where: isExecutable)
    }

    /// The program with this name in the directory of this one.
    static func beside(_ name: String) -> String? {
        guard let current = current(), let slash = current.lastIndex(of: "/") else { return nil }
        let path = current[...slash] + name
        return isExecutable(String(path)) ? String(path) : nil
    }

    private static func isExecutable(_ path: String) -> Bool {
        access(path, X_OK) == 0 && !FileSystem.isDirectory(path)
    }
}
