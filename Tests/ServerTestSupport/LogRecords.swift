import Logging
import Synchronization

/// Collects log messages, one text for each line.
final class LogRecords: Sendable {
    private let texts = Mutex<[String]>([])

    var lines: [String] { texts.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(records: self) } }

    private struct Handler: LogHandler {
        let records: LogRecords
        var logLevel = Logger.Level.info
        var metadata = Logger.Metadata()

        init(records: LogRecords) { self.records = records }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let details = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted()
            let line = ([event.level.rawValue, "\(event.message)"] + details).joined(separator: " ")
            records.texts.withLock { $0.append(line) }
        }
    }
}
