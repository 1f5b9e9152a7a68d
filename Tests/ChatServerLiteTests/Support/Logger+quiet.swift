import Logging

extension Logger {
    /// A logger whose messages nobody reads.
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
