import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// Runs `mychat`: from the words of a command line to an exit status.
public struct CommandRunner: Sendable {
    private let environment: [String: String]
    private let input: any InputSource
    private let output: any OutputSink

    /// A runner with the environment and the standard streams of this process.
    public init() {
        let environment = ProcessEnvironment.variables()
        self.init(
            environment: environment, input: StandardInput(),
            output: StandardStreams(environment: environment))
    }

    init(environment: [String: String], input: any InputSource, output: any OutputSink) {
        self.environment = environment
        self.input = input
        self.output = output
    }

    /// Runs the command in this program's arguments. If one of them is not valid text, the intention is unknown, and
    /// nothing is done.
    public func run(_ arguments: ProgramArguments) async -> Int32 {
        guard let broken = arguments.broken, !arguments.areForCompletion else {
            return await run(arguments.words)
        }
        let strings = CommandLanguage.named(by: arguments.words, environment).commands
        let isMessage = arguments.words.first { !$0.hasPrefix("-") } == Send.title
        return report(
            CommandFailure(.invalidInput, strings.notText(broken, isMessage: isMessage)),
            title: MyChat.title, isJSON: arguments.words.contains("--json"))
    }

    /// Runs the command that the arguments name (without the program's own name) and returns its exit status. Nothing
    /// is printed after that.
    public func run(_ arguments: [String]) async -> Int32 {
        let language = CommandLanguage.named(by: arguments, environment)
        let status = await CommandLanguage.$current.withValue(language) { await execute(arguments) }
        output.flush()
        // A command that failed has already reported it on standard error.
        guard status == ExitStatus.success.rawValue, let failure = output.failure, !output.isAbandoned else {
            return status
        }
        let strings = language.commands
        output.write("mychat: \(strings.outputFailed(failure))\n", to: .standardError)
        return ExitStatus.storage.rawValue
    }

    private func execute(_ arguments: [String]) async -> Int32 {
        var command: any ParsableCommand
        do {
            command = try await MyChat.asyncParseAsRoot(arguments)
        } catch {
            return report(parsing: error, arguments)
        }
        guard let known = command as? any MyChatCommand else {
            // Only the parser's own commands are not ours: help, and groups without a command.
            do {
                try command.run()
                return ExitStatus.success.rawValue
            } catch {
                return report(parsing: error, arguments)
            }
        }
        return await run(known)
    }

    private func run(_ command: any MyChatCommand) async -> Int32 {
        let title = type(of: command).title
        let context: CommandContext
        do throws(SettingsError) {
            let unused = command.unusedVariables
            let environment = environment.filter { !unused.contains($0.key) }
            let settings = try Settings.resolve(
                flags: command.global.flags, environment: environment,
                readsFile: type(of: command).usesConfiguration)
            context = CommandContext(
                settings: settings, environment: environment, input: input, output: output,
                isJSON: command.global.json)
        } catch {
            let language = command.global.language.flatMap(Language.init(setting:))
            let strings = (language ?? Language(environment: environment)).commands
            return report(strings.failure(error), title: title, isJSON: command.global.json)
        }
        do throws(CommandFailure) {
            // A lack of descriptors would otherwise surface in places that cannot report it.
            if let limit = OpenFileLimit.tooLow() { throw context.strings.failure(tooFewFiles: limit) }
            if let screen = command as? any ScreenCommand { return try await screen.present(in: context) }
            guard let command = command as? any ResultCommand else {
                throw CommandFailure(.internalError, "the command \(title) cannot be run")
            }
            return report(try await command.perform(in: context), title: title, context)
        } catch {
            return report(error, title: title, isJSON: context.isJSON)
        }
    }

    private func report(_ result: CommandResult, title: String, _ context: CommandContext) -> Int32 {
        if context.isJSON {
            output.writeVerbatim(JSONOutput.line(JSONOutput.object(command: title, result: result)))
        } else if !result.lines.isEmpty {
            write(result, context)
        }
        if let remark = result.remark { output.write("mychat: \(remark)\n", to: .standardError) }
        return result.status.rawValue
    }

    private func write(_ result: CommandResult, _ context: CommandContext) {
        guard !result.isVerbatim else {
            return output.writeVerbatim(result.lines.joined(separator: "\n") + "\n")
        }
        let lines = result.lines.flatMap { context.fitted($0) }
        output.write(lines.joined(separator: "\n") + "\n", to: .standardOutput)
    }

    private func report(_ failure: CommandFailure, title: String, isJSON: Bool) -> Int32 {
        if isJSON {
            output.writeVerbatim(JSONOutput.line(JSONOutput.object(command: title, failure: failure)))
        }
        output.write("mychat: \(failure.line)\n", to: .standardError)
        return failure.status.rawValue
    }

    /// Reports what the argument parser threw: help and versions, which were requested, and mistakes.
    private func report(parsing error: any Error, _ arguments: [String]) -> Int32 {
        let strings = CommandLanguage.strings
        guard MyChat.exitCode(for: error) != ExitCode.success else {
            let page = ParserTexts.help(MyChat.fullMessage(for: error), strings)
            output.write(page + "\n", to: .standardOutput)
            return ExitStatus.success.rawValue
        }
        let message = MyChat.message(for: error)
        let firstLine = message.split(separator: "\n").first.map(String.init) ?? message
        let failure = CommandFailure(
            .usage, ParserTexts.sentence(Sanitizer.line(firstLine), strings),
            advice: UsageAdvice.text(for: arguments, strings))
        return report(failure, title: MyChat.title, isJSON: arguments.contains("--json"))
    }
}
