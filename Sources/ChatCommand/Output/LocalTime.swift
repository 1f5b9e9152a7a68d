import ChatWire
import Glibc

/// Times in the person's time zone, as command output shows them.
enum LocalTime {
    /// `2026-11-22`
    static func date(_ timestamp: Timestamp) -> String { format(timestamp, "%Y-%m-%d") }

    /// `14:05`
    static func time(_ timestamp: Timestamp) -> String { format(timestamp, "%H:%M") }

    /// `2026-11-22 14:05`
    static func dateAndTime(_ timestamp: Timestamp) -> String { format(timestamp, "%Y-%m-%d %H:%M") }

    private static func format(_ timestamp: Timestamp, _ pattern: String) -> String {
        var seconds = time_t(timestamp.seconds)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return WireDate.iso(timestamp) }
        var buffer = [CChar](repeating: 0, count: 64)
        let length = strftime(&buffer, buffer.count, pattern, &parts)
        return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
