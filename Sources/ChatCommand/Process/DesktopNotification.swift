import ChatTUI

/// Desktop notifications, by `notify-send`.
enum DesktopNotification {
    /// The time limit.
    private static let milliseconds = 10_000

    static func arguments(title: String, body: String) -> [String] {
        ["notify-send", "--app-name=mychat", "--", Sanitizer.line(title), escaped(Sanitizer.line(body))]
    }

    /// Notification daemons may interpret the body, and only the body, as markup. The daemon's capabilities are not
    /// queried: it may change between the query and the notification.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Shows one; returns the error, if any.
    static func show(title: String, body: String, environment: [String: String]) -> String? {
        run(arguments(title: title, body: body), environment, output: .null)
    }

    /// Runs a program to its end; returns the error, if any.
    static func run(
        _ arguments: [String], _ environment: [String: String], output: ChildProcess.Stream = .inherited
    ) -> String? {
        guard let program = ExecutablePath.find(arguments[0], environment: environment) else {
            return "\(arguments[0]): not found"
        }
        do throws(SystemError) {
            let child = try ChildProcess(
                executable: program, arguments: Array(arguments.dropFirst()), environment: environment,
                input: .null, output: output, error: output)
            // It ends by itself, or is ended.
            guard let ended = child.wait(milliseconds: milliseconds) ?? child.end(milliseconds: 1000) else {
                return "still running"
            }
            return ended == .exited(0) ? nil : "\(ended)"
        } catch {
            return "\(error)"
        }
    }
}
