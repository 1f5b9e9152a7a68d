import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat whoami`
struct WhoAmI: ResultCommand {
    static let title = "whoami"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "whoami", abstract: HelpText.whoami.text)
    }

    @OptionGroup var global: GlobalOptions

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        let client = try context.makeClient()
        try await context.signInByToken(client)
        let former = try await context.asking { () throws(ChatError) in try await client.cache.formerServer()
        }
        guard let account = await client.account else {
            guard former?.reason == .otherAccount else {
                throw context.strings.failure(ChatError.notSignedIn)
            }
            throw CommandFailure(
                .unauthorized, context.strings.tokenOfAnother, advice: context.strings.signInAdvice)
        }
        await client.disconnect()
        var lines = [context.strings.signedIn(account.user, server: context.settings.server)]
        if let end = account.expiresAt { lines.append(context.strings.expires(end)) }
        if let former { lines.append(context.strings.former(former)) }
        var fields = CommandJSON.account(account, settings: context.settings)
        fields.append("former_server", CommandJSON.former(former))
        return CommandResult(fields: fields, lines: lines)
    }
}
