import ChatClientCore
import ChatTUI

/// Hands a notification to a program of the person's.
struct PushNotifier {
    /// A line for the shell.
    let command: String?
    /// Uses notify-send instead.
    let usesDesktop: Bool

    /// How long it may take.
    private static let milliseconds = 10_000

    /// The program and its arguments; nil when nobody asked for any.
    func arguments(for push: ReceivedPush) -> [String]? {
        let texts = [Sanitizer.line(push.title), Sanitizer.line(push.body)]
        if usesDesktop { return ["notify-send", "--app-name=mychat", "--"] + texts }
        return command.map { ["/bin/sh", "-c", $0 + " \"$@\"", "mychat"] + texts }
    }

    /// Runs it to its end; what goes wrong is said on standard error, and listening goes on.
    func show(_ push: ReceivedPush, _ context: CommandContext) async {
        guard let arguments = arguments(for: push) else { return }
        let environment = context.environment
        let failure = await BlockingThread.run { Self.run(arguments, environment) }
        guard let failure else { return }
        let words = context.strings.pick("no notification shown", "notificação não mostrada")
        context.output.write("mychat: \(words): \(failure)\n", to: .standardError)
    }

    private static func run(_ arguments: [String], _ environment: [String: String]) -> String? {
        guard let program = ExecutablePath.find(arguments[0], environment: environment) else {
            return "\(arguments[0]): not found"
        }
        do throws(SystemError) {
            let child = try ChildProcess(
                executable: program, arguments: Array(arguments.dropFirst()), environment: environment,
                input: .null, output: .inherited, error: .inherited)
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
