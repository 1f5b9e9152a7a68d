import Glibc

/// The error of a system call.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The errno.
    public var code: Int32
    /// The operation, in the imperative (`open`, `posix_spawn`).
    public var operation: String
    /// The path, if there is one.
    public var path: String?

    public init(code: Int32, operation: String, path: String? = nil) {
        self.code = code
        self.operation = operation
        self.path = path
    }

    /// The error of the call that has just failed.
    static func current(_ operation: String, path: String? = nil) -> SystemError {
        SystemError(code: errno, operation: operation, path: path)
    }

    /// The system's own words for the code.
    public var reason: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        let text = String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.isEmpty ? "error \(code)" : text
    }

    public var description: String {
        if let path { return "\(path): \(reason)" }
        return "\(operation): \(reason)"
    }
}

extension SystemError {
    /// True when the file or directory does not exist.
    var isAbsence: Bool { code == ENOENT || code == ENOTDIR }
}
