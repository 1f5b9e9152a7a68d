import ChatTUI
import ChatWire

/// Asks the person for what `login` and `register` need.
struct AccountQuestions {
    let context: CommandContext

    /// Longer than any password that a server accepts, in bytes.
    private static let passwordSizeMax = 4096

    /// The email address: given, configured, or asked for.
    func email(given: String?) throws(CommandFailure) -> String {
        if let email = given ?? context.settings.email { return email }
        return try ask(
            context.strings.askEmail, what: context.strings.emailWord, isSecret: false, advice: nil)
    }

    func name(given: String?) throws(CommandFailure) -> String {
        if let given { return given }
        return try ask(context.strings.askName, what: context.strings.nameWord, isSecret: false, advice: nil)
    }

    /// The password: from standard input, from the configured command, or asked for; it is asked for twice where a
    /// typing error would lock the person out.
    func password(
        fromStandardInput: Bool, isNew: Bool
    ) async throws(CommandFailure) -> String {
        if fromStandardInput { return try firstLineOfInput() }
        if !isNew, let command = context.settings.passwordCommand {
            return try await SecretCommand.run(command, context: context)
        }
        let strings = context.strings
        let password = try ask(
            strings.askPassword, what: strings.passwordWord, isSecret: true, advice: strings.passwordAdvice)
        guard isNew else { return password }
        let again = try ask(
            strings.askPasswordAgain, what: strings.passwordWord, isSecret: true,
            advice: strings.passwordAdvice)
        guard password == again else { throw CommandFailure(.invalidInput, strings.passwordsDiffer) }
        return password
    }

    private func firstLineOfInput() throws(CommandFailure) -> String {
        let bytes: [UInt8]?
        do {
            bytes = try context.input.readAll(limit: Self.passwordSizeMax)
        } catch {
            throw context.strings.failure(error)
        }
        guard let bytes else {
            throw CommandFailure(.invalidInput, context.strings.inputTooLong(limit: Self.passwordSizeMax))
        }
        var line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard let password = String(validating: line, as: UTF8.self) else {
            throw CommandFailure(.invalidInput, context.strings.notText)
        }
        guard !password.isEmpty else { throw CommandFailure(.invalidInput, context.strings.noAnswer) }
        return password
    }

    private func ask(
        _ question: String, what: String, isSecret: Bool, advice: String?
    ) throws(CommandFailure) -> String {
        let answer: String
        do {
            answer = try context.input.ask(question, isSecret: isSecret)
        } catch {
            switch error {
            case .noTerminal:
                throw CommandFailure(.usage, context.strings.noTerminalToAsk(what), advice: advice)
            case .noAnswer:
                throw CommandFailure(.usage, context.strings.noAnswer)
            case .interrupted(let signal):
                // The terminal is already restored.
                SignalRelay.endProcess(by: signal)
                throw CommandFailure(.usage, context.strings.noAnswer)
            }
        }
        let trimmed = isSecret ? answer : strippedLikePython(answer)
        guard !trimmed.isEmpty else { throw CommandFailure(.usage, context.strings.noAnswer) }
        return trimmed
    }
}
