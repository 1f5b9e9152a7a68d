import Glibc

/// Tells the service manager how the server is doing (sd_notify(3)), without its library.
public struct ServiceManager: Sendable {
    /// The path of the manager's socket; a leading `@` means the abstract name space.
    private let path: String
    /// How often the manager wants a sign of life; nil for never.
    public let watchdogInterval: Duration?

    /// Nil when no manager waits for messages.
    public init?(environment: [String: String], process: Int32 = getpid()) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@"),
            path.utf8.count < 108
        else { return nil }
        self.path = path
        let isForUs = environment["WATCHDOG_PID"].map { $0 == String(process) } ?? true
        if isForUs, let time = Int64(environment["WATCHDOG_USEC"] ?? ""), time > 0 {
            watchdogInterval = .microseconds(time)
        } else {
            watchdogInterval = nil
        }
    }

    /// What the manager can be told.
    public enum State: String, Sendable {
        case ready = "READY=1"
        case stopping = "STOPPING=1"
        case alive = "WATCHDOG=1"
    }

    /// Sends one message. A manager that does not take it changes nothing.
    public func notify(_ state: State) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var bytes = Array(path.utf8)
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        var address = UnixAddress.make(path: bytes)
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let text = Array(state.rawValue.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(
                    descriptor, text, text.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT),
                    $0,
                    length)
            }
        }
    }
}
