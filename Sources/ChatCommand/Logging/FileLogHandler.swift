import Glibc
import Logging

/// Writes log events to a ``LogFile``, one line each: time in UTC, level, label, message, metadata.
///
/// Callers log ids, sizes and states. This handler filters again what must never be in a log: it drops values whose
/// key names a secret or a text, and escapes control characters.
struct FileLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let file: LogFile

    /// Metadata under these keys is replaced by its size.
    static let secretKeys: Set<String> = [
        "token", "password", "authorization", "secret", "content", "text", "body", "draft",
    ]

    init(label: String, file: LogFile, level: Logger.Level) {
        self.label = label
        self.file = file
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let given = event.metadata { all.merge(given) { _, new in new } }
        var line = "\(Self.timestamp()) \(event.level) \(label): \(Self.escaped("\(event.message)"))"
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(Self.shown(key: key, value: "\(value)"))"
        }
        file.append(line)
    }

    private static func shown(key: String, value: String) -> String {
        if secretKeys.contains(key.lowercased()) { return "<\(value.utf8.count) bytes>" }
        return escaped(value)
    }

    /// The text without anything that a terminal would interpret.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func timestamp() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        var buffer = [CChar](repeating: 0, count: 32)
        let length = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
        let seconds = String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let milliseconds = String(now.tv_nsec / 1_000_000)
        return seconds + "." + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds + "Z"
    }
}
