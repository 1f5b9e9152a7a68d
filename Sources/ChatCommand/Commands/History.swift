import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat history WHO`
struct History: ResultCommand {
    static let title = "history"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "history", abstract: HelpText.history.text,
            discussion: HelpText.historyDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    var unusedVariables: Set<String> { offline ? VariableGroup.connection : [] }

    @Argument(help: WhoArgument.help, completion: WhoArgument.completion)
    var who: String

    @Option(name: .shortAndLong, help: HelpText.limit.help(.count))
    var limit = 20

    @Flag(help: HelpText.offline.help)
    var offline = false

    /// For more messages there is the export.
    private static let limitMax = 10_000

    func validate() throws {
        guard (1...Self.limitMax).contains(limit) else {
            throw ValidationError(CommandLanguage.words(for: .notInRange("--limit", 1, Self.limitMax)))
        }
    }

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        try await context.withCache { client, account throws(CommandFailure) in
            let recipient = try await RecipientFinder(
                context: context, client: client, care: .revocable
            ).find(who)
            var doubt: CacheRefresh.Doubt?
            if account == nil {
                let failure = context.strings.failure(ChatError.notSignedIn)
                doubt = CacheRefresh.Doubt(remark: failure.line, status: failure.status)
            } else if !offline {
                doubt = await CacheRefresh(client: client, strings: context.strings)
                    .run(peer: recipient.id, limit: limit)
            }
            let timeline = try await context.asking { () throws(ChatError) in
                try await client.timeline(with: recipient.id, before: nil, limit: limit)
            }
            let fields: JSONObject = [
                "with": CommandJSON.person(recipient),
                "messages": .array(timeline.rows.map(CommandJSON.message)),
                "has_older": .bool(timeline.hasOlder || timeline.mayFetchOlder),
                "up_to_date": .bool(doubt == nil && !offline),
            ]
            let text = HistoryText(
                strings: context.strings, ink: context.ink, peerName: recipient.name,
                columns: context.output.columns)
            return CommandResult(
                status: doubt?.status(showingNothing: timeline.rows.isEmpty) ?? .success, fields: fields,
                lines: text.lines(timeline.rows), remark: doubt?.remark)
        }
    }
}
