import Logging

extension Logger {
    /// A logger that discards its messages.
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
