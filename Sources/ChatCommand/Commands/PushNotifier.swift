import ChatClientCore
import ChatTUI

/// Passes a notification to a program of the person.
struct PushNotifier {
    /// A line for the shell.
    let command: String?
    /// Uses notify-send instead.
    let usesDesktop: Bool

    /// The program and its arguments; nil when none is configured.
    func arguments(for push: ReceivedPush) -> [String]? {
        let texts = [Sanitizer.line(push.title), Sanitizer.line(push.body)]
        if usesDesktop { return DesktopNotification.arguments(title: texts[0], body: texts[1]) }
        return command.map { ["/bin/sh", "-c", $0 + " \"$@\"", "mychat"] + texts.map(Self.operand) }
    }

    /// Other people's text must not become an option of the person's program.
    private static func operand(_ text: String) -> String { text.hasPrefix("-") ? " " + text : text }

    /// Runs the program to its end. A failure is reported on standard error, and listening continues.
    func show(_ push: ReceivedPush, _ context: CommandContext) async {
        guard let arguments = arguments(for: push) else { return }
        let environment = context.environment
        let failure = await BlockingThread.run { DesktopNotification.run(arguments, environment) }
        guard let failure else { return }
        let words = context.strings.noNotification("\(failure)")
        context.output.write("mychat: \(words)\n", to: .standardError)
    }
}
