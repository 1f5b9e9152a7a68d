import ArgumentParser
import ChatClientCore
import ChatWire

/// `mychat whoami`
struct WhoAmI: ResultCommand {
    static let title = "whoami"

    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Say who is signed in, without asking the server.")

    @OptionGroup var global: GlobalOptions

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        let client = try context.makeClient()
        try await context.signInByToken(client)
        guard let account = await client.account else {
            throw context.strings.failure(ChatError.notSignedIn)
        }
        await client.disconnect()
        var lines = [context.strings.signedIn(account.user, server: context.settings.server)]
        if let end = account.expiresAt { lines.append(context.strings.expires(end)) }
        return CommandResult(fields: CommandJSON.account(account, settings: context.settings), lines: lines)
    }
}
