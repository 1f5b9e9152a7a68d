import ChatWire
import Glibc
import Logging

/// The form of the server's log (`LOG_FORMAT`).
public enum LogFormat: String, Equatable, Sendable {
    /// Text on a terminal, JSON elsewhere.
    case auto
    /// The time, the level, the message, and its metadata as `key=value`.
    case text
    /// One JSON object per line.
    case json

    /// Whether lines for standard error are JSON.
    var isJSON: Bool {
        switch self {
        case .auto: isatty(STDERR_FILENO) == 0
        case .text: false
        case .json: true
        }
    }

    /// A message as a JSON object: `time`, `level`, `message`, and its metadata by their keys.
    static func jsonLine(
        at time: Timestamp, _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata
    ) -> String {
        var writer = JSONWriter(capacity: 160)
        writer.beginObject()
        writer.key("time")
        writer.string(WireDate.iso(time) + "Z")
        writer.key("level")
        writer.string(level.rawValue)
        writer.key("message")
        writer.string(message)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            writer.key(named: key)
            writer.string("\(value)")
        }
        writer.endObject()
        return String(decoding: VisibleText.json(writer.finished()), as: UTF8.self) + "\n"
    }
}
