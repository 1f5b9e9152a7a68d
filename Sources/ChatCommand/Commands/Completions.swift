import ArgumentParser
import ChatTUI
import ChatWire

/// `mychat completions bash|zsh|fish`
struct Completions: ResultCommand {
    static let title = "completions"
    static let usesConfiguration = false

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "completions", abstract: HelpText.completions.text,
            discussion: HelpText.completionsDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    var unusedVariables: Set<String> { VariableGroup.server }

    @Argument(
        help: HelpText.completionsShell.help(.shell),
        completion: .list(CompletionShell.allCases.map(\.rawValue)),
        transform: Completions.shell)
    var shell: CompletionShell

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        let generated = MyChat.completionScript(for: shell)
        let script = shell == .bash ? BashCompletion.script(generated) : generated
        return CommandResult(fields: ["script": .string(script)], lines: [script], isVerbatim: true)
    }

    private static func shell(_ text: String) throws -> CompletionShell {
        guard let shell = CompletionShell(rawValue: text) else {
            throw ValidationError(
                CommandLanguage.words(for: .noneOf(Sanitizer.line(text), choices: "bash, zsh, fish")))
        }
        return shell
    }
}
