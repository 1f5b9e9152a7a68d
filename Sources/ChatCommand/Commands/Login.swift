import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat login [EMAIL]`
struct Login: ResultCommand {
    static let title = "login"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "login", abstract: HelpText.login.text,
            discussion: HelpText.loginDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    @Argument(help: HelpText.loginEmail.help(.email))
    var email: String?

    @Flag(help: HelpText.passwordStdin.help)
    var passwordStdin = false

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        let client = try context.makeClient()
        let account: Account
        if email == nil, !passwordStdin, context.settings.token != nil {
            try await context.signInByToken(client)
            guard let signedIn = await client.account else {
                throw context.strings.failure(ChatError.notSignedIn)
            }
            account = signedIn
        } else {
            account = try await Self.signIn(
                client, context, email: email, passwordFromStandardInput: passwordStdin)
        }
        await client.disconnect()
        return try SignInReport.result(
            account, line: context.strings.signedIn(account.user, server: context.settings.server), context)
    }

    /// Asks for the email and the password, and signs in.
    static func signIn(
        _ client: ChatClient, _ context: CommandContext, email: String? = nil,
        passwordFromStandardInput: Bool = false
    ) async throws(CommandFailure) -> Account {
        let questions = AccountQuestions(context: context)
        let email = try questions.email(given: email)
        let password = try await questions.password(
            fromStandardInput: passwordFromStandardInput, isNew: false)
        do {
            return try await context.asking { () throws(ChatError) in
                try await client.signIn(email: email, password: password)
            }
        } catch {
            // Here the server refuses the email or the password.
            guard error.status == .refused else { throw error }
            throw CommandFailure(.unauthorized, error.message, advice: error.advice)
        }
    }
}

/// The common result of `login` and `register`.
enum SignInReport {
    static func result(
        _ account: Account, line: String, _ context: CommandContext
    ) throws(CommandFailure) -> CommandResult {
        let settings = context.settings
        do {
            try RememberedServer(directories: settings.directories, profile: settings.profile)
                .save(settings.server)
        } catch {
            throw context.strings.failure(error)
        }
        return CommandResult(fields: CommandJSON.account(account, settings: settings), lines: [line])
    }
}
