import ChatTUI

/// Notifications of the desktop, by `notify-send`.
enum DesktopNotification {
    /// How long it may take.
    private static let milliseconds = 10_000

    static func arguments(title: String, body: String) -> [String] {
        ["notify-send", "--app-name=mychat", "--", Sanitizer.line(title), escaped(Sanitizer.line(body))]
    }

    /// Notification daemons may read the body, and only it, as markup. What a daemon does is not asked: it may
    /// change between the question and the notification.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Shows one; what went wrong, if anything.
    static func show(title: String, body: String, environment: [String: String]) -> String? {
        run(arguments(title: title, body: body), environment, output: .null)
    }

    /// Runs a program to its end; what went wrong, if anything.
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
