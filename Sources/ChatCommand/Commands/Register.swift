import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat register [EMAIL] [--name NAME] [--invitation CODE]`
struct Register: ResultCommand {
    static let title = "register"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "register", abstract: HelpText.register.text)
    }

    @OptionGroup var global: GlobalOptions

    @Argument(help: HelpText.registerEmail.help(.email))
    var email: String?

    @Option(help: HelpText.registerName.help(.name))
    var name: String?

    @Option(help: HelpText.registerInvitation.help(.code))
    var invitation: String?

    @Flag(help: HelpText.passwordStdin.help)
    var passwordStdin = false

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        let questions = AccountQuestions(context: context)
        let name = try questions.name(given: name)
        let email = try questions.email(given: email)
        let password = try await questions.password(fromStandardInput: passwordStdin, isNew: true)
        let client = try context.makeClient()
        let account = try await context.asking { () throws(ChatError) in
            try await client.register(
                name: name, email: email, password: password, invitation: invitation)
        }
        await client.disconnect()
        return try SignInReport.result(
            account, line: context.strings.registered(account.user, server: context.settings.server), context)
    }
}
