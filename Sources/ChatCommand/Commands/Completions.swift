import ArgumentParser
import ChatTUI
import ChatWire

/// `mychat completions bash|zsh|fish`
struct Completions: ResultCommand {
    static let title = "completions"
    static let usesConfiguration = false

    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Print the completions for a shell.",
        discussion: """
            For bash: source <(mychat completions bash). They know commands, options and your contacts, and \
            ask no server.
            """)

    @OptionGroup var global: GlobalOptions

    var unusedVariables: Set<String> { VariableGroup.server }

    @Argument(
        help: "bash, zsh or fish.", completion: .list(CompletionShell.allCases.map(\.rawValue)),
        transform: Completions.shell)
    var shell: CompletionShell

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        let generated = MyChat.completionScript(for: shell)
        let script = shell == .bash ? BashCompletion.script(generated) : generated
        return CommandResult(fields: ["script": .string(script)], lines: [script], isVerbatim: true)
    }

    private static func shell(_ text: String) throws -> CompletionShell {
        guard let shell = CompletionShell(rawValue: text) else {
            throw ValidationError("'\(Sanitizer.line(text))' is none of bash, zsh, fish")
        }
        return shell
    }
}
