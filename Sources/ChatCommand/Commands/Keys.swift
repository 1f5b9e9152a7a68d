import ArgumentParser
import ChatTUI

/// `mychat keys`
struct Keys: ScreenCommand {
    static let title = "keys"

    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Show what the terminal sends for a key, and what the key does.",
        discussion: """
            Press keys; Ctrl-C ends. With --list, every command and its keys are printed as they can stand \
            in the configuration file.
            """)

    @OptionGroup var global: GlobalOptions

    var unusedVariables: Set<String> { VariableGroup.server }

    @Flag(help: "Print the keys of all commands.")
    var list = false

    func present(in context: CommandContext) async throws(CommandFailure) -> Int32 {
        let options = context.settings.terminal
        let language = context.settings.language
        if list {
            let lines = KeyProbe.table(keys: options.keys, language: language)
            context.output.write(lines.map { $0 + "\n" }.joined(), to: .standardOutput)
            return ExitStatus.success.rawValue
        }
        let output = context.output
        do {
            try KeyProbe.run(keys: options.keys, language: language) { line in
                output.write(line + "\n", to: .standardOutput)
            }
            return ExitStatus.success.rawValue
        } catch {
            throw CommandFailure(.usage, error.message(in: language))
        }
    }
}
