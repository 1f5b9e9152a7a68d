import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat read WHO`
struct Read: ResultCommand {
    static let title = "read"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "read", abstract: HelpText.read.text,
            discussion: HelpText.readDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    @Argument(help: WhoArgument.help, completion: WhoArgument.completion)
    var who: String

    @OptionGroup var patience: PatienceOptions

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        try await context.withSignedInClient { client, _ throws(CommandFailure) in
            let recipient = try await RecipientFinder(context: context, client: client).find(who)
            let wait = ServerWait(client: client, strings: context.strings)
            var failure = await wait.until(timeout: patience.timeout.duration) { () throws(ChatError) in
                await client.freshness.isCaughtUp
            }
            // A read-only cache cannot keep a mark.
            if let failure, failure.status == .storage { throw failure }
            let unread = try await context.asking { () throws(ChatError) in
                try await client.timeline(with: recipient.id, limit: 1).unread
            }
            await client.markRead(recipient.id)
            if failure == nil {
                failure = await wait.until(timeout: patience.timeout.duration) { () throws(ChatError) in
                    try await !client.freshness.hasUntoldWishes()
                }
            }
            let fields: JSONObject = [
                "with": CommandJSON.person(recipient), "marked": .integer(Int64(unread)),
                "told": .bool(failure == nil),
            ]
            let line = context.strings.markedRead(unread, CleanLine(recipient.name))
            return patience.result(fields: fields, lines: [line], untold: failure, context)
        }
    }
}
