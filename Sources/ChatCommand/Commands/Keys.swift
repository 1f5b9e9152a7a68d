import ArgumentParser
import ChatTUI

/// `mychat keys`
struct Keys: ScreenCommand {
    static let title = "keys"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "keys", abstract: HelpText.keys.text,
            discussion: HelpText.keysDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    var unusedVariables: Set<String> { VariableGroup.server }

    @Flag(help: HelpText.keysList.help)
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
