import ChatWire
import Glibc
import Logging

/// Writes log messages to standard error, one line each, as ``LogFormat`` says. Times are in UTC.
///
/// Messages contain ids, sizes and states, never what people wrote. Control characters are replaced or escaped, so that
/// outside data can neither forge a line nor control a terminal.
public struct StandardErrorLog: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level

    private let isJSON: Bool

    public init(level: Logger.Level = .info, format: LogFormat = .text) {
        logLevel = level
        isJSON = format.isJSON
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let make = isJSON ? LogFormat.jsonLine : Self.line
        let line = make(
            ServerClock.now(), event.level, "\(event.message)",
            metadata.merging(event.metadata ?? [:]) { $1 })
        var bytes = Array(line.utf8)
        // One call, so that lines of several threads don't mix. If it fails, the line is lost.
        _ = write(STDERR_FILENO, &bytes, bytes.count)
    }

    /// The line for a message, with its line feed.
    static func line(
        at time: Timestamp, _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata
    ) -> String {
        var line = WireDate.iso(time) + "Z " + level.rawValue + " " + message
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
        return SafeText.line(line) + "\n"
    }
}
