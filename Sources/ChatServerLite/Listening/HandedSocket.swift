import Glibc

/// A listening socket that a service manager has opened and handed over (sd_listen_fds(3)).
public struct HandedSocket: Equatable, Sendable {
    public let descriptor: Int32
    /// Whether connections to it begin with TLS; nil when its name does not say.
    public let isSecure: Bool?

    /// The sockets that the environment of this process tells of.
    ///
    /// The name of a socket (FileDescriptorName= of systemd) may be `http` or `https`.
    public static func all(environment: [String: String], process: Int32 = getpid()) -> [HandedSocket] {
        guard environment["LISTEN_PID"] == String(process),
            let count = Int32(environment["LISTEN_FDS"] ?? ""), (1...64).contains(count)
        else { return [] }
        let names = (environment["LISTEN_FDNAMES"] ?? "").split(
            separator: ":", omittingEmptySubsequences: false)
        return (0..<count).map { index in
            let name = Int(index) < names.count ? names[Int(index)] : ""
            let isSecure: Bool? = name == "https" ? true : name == "http" ? false : nil
            return HandedSocket(descriptor: first + index, isSecure: isSecure)
        }
    }

    /// The first descriptor that is handed over (SD_LISTEN_FDS_START).
    private static let first: Int32 = 3
}
