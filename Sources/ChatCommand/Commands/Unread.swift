import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat unread [--refresh]`
struct Unread: ResultCommand {
    static let title = "unread"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "unread", abstract: HelpText.unread.text,
            discussion: HelpText.unreadDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    @Flag(help: HelpText.unreadRefresh.help)
    var refresh = false

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        try await context.withSignedInClient { client, _ throws(CommandFailure) in
            var doubt: CacheRefresh.Doubt?
            if refresh { doubt = await CacheRefresh(client: client, strings: context.strings).run() }
            let known = try await context.asking { () throws(ChatError) in
                try await client.conversations()
            }
            let unread = known.filter { $0.unread > 0 }
            let fields: JSONObject = [
                "unread": .integer(Int64(unread.reduce(0) { $0 + $1.unread })),
                "conversations": .array(unread.map(Self.json)),
                "up_to_date": .bool(refresh && doubt == nil),
            ]
            return CommandResult(
                status: doubt?.status(showingNothing: known.isEmpty) ?? .success, fields: fields,
                lines: lines(unread, context), remark: doubt?.remark)
        }
    }

    private static func json(_ conversation: Conversation) -> JSONValue {
        [
            "with": CommandJSON.person(Recipient(conversation)),
            "unread": .integer(Int64(conversation.unread)),
            "last_message": conversation.preview.map(JSONValue.string) ?? .null,
            "last_message_at": CommandJSON.time(conversation.lastTime),
        ]
    }

    private func lines(_ unread: [Conversation], _ context: CommandContext) -> [String] {
        guard !unread.isEmpty else { return [context.strings.nothingUnread] }
        return TextTable.lines(
            unread.map { conversation in
                [
                    "\(conversation.unread)", context.ink.bold(Sanitizer.line(conversation.name)),
                    conversation.lastTime.map(LocalTime.dateAndTime) ?? "",
                    TextTable.excerpt(conversation.preview ?? ""),
                ]
            })
    }
}
