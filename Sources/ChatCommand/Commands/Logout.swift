import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat logout`
struct Logout: ResultCommand {
    static let title = "logout"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "logout", abstract: HelpText.logout.text)
    }

    @OptionGroup var global: GlobalOptions

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        let client = try context.makeClient()
        let wasSignedIn = await client.account != nil
        let unsent = await client.outboxSummary().unsent
        let ending = try await context.asking { () throws(ChatError) in try await client.signOut() }
        let outcome = await ending.value
        let fields: JSONObject = [
            "was_signed_in": .bool(wasSignedIn), "unsent": .integer(Int64(unsent)),
            "session_ended": outcome == .nothingToEnd ? .null : .bool(outcome == .ended),
            "server": .string(context.settings.server.description),
            "profile": .string(context.settings.profile),
        ]
        let strings = context.strings
        return CommandResult(
            fields: fields, lines: [wasSignedIn ? strings.signedOut(unsent: unsent) : strings.wasSignedOut],
            remark: outcome == .untold ? strings.serverNotTold : nil)
    }
}
