import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat delete ID…|--conversation WHO`
struct Delete: ResultCommand {
    static let title = "delete"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "delete", abstract: HelpText.delete.text,
            discussion: HelpText.deleteDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    @Argument(help: HelpText.deleteIDs.help(.ids))
    var ids: [Int64] = []

    @Option(
        help: HelpText.deleteConversation.help(.who),
        completion: WhoArgument.completion)
    var conversation: String?

    @Flag(help: HelpText.deleteYes.help)
    var yes = false

    @OptionGroup var patience: PatienceOptions

    func validate() throws {
        guard ids.isEmpty == (conversation != nil) else {
            throw ValidationError(CommandLanguage.words(for: .noneToDelete))
        }
    }

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        try await context.withSignedInClient { client, _ throws(CommandFailure) in
            var fields: JSONObject
            let wait = ServerWait(client: client, strings: context.strings)
            let line: String
            if let conversation {
                let recipient = try await RecipientFinder(context: context, client: client).find(conversation)
                try confirm(context.strings.wholeConversation(CleanLine(recipient.name)), context)
                try await context.asking { () throws(ChatError) in
                    try await client.chats.delete(with: recipient.id)
                }
                fields = ["conversation": CommandJSON.person(recipient)]
                line = context.strings.conversationDeleted(CleanLine(recipient.name))
            } else {
                let rows = try await rows(client, context)
                try confirm(rows.map { "«\(Sanitizer.line($0.content))»" }.joined(separator: ", "), context)
                for row in rows {
                    try await context.asking { () throws(ChatError) in try await client.delete(row.id) }
                }
                fields = ["deleted": .array(rows.map(CommandJSON.message))]
                line = context.strings.deleted(rows.count)
            }
            let untold = await wait.until(timeout: patience.timeout.duration) { () throws(ChatError) in
                try await !client.freshness.hasUntoldWishes()
            }
            fields.append("told", .bool(untold == nil))
            // It is deleted for the other side when the server confirms it.
            return patience.result(
                fields: fields, lines: untold == nil ? [line] : [], untold: untold, context)
        }
    }

    /// The messages, all of them the account's own: when one cannot be deleted, nothing is.
    private func rows(
        _ client: ChatClient, _ context: CommandContext
    ) async throws(CommandFailure) -> [TimelineRow] {
        var rows: [TimelineRow] = []
        for id in ids {
            let found = try await context.asking { () throws(ChatError) in
                try await client.history.row(of: MessageID(id))
            }
            guard let row = found?.row else {
                throw CommandFailure(.invalidInput, context.strings.unknownMessage("\(id)"))
            }
            guard row.isMine else { throw context.strings.failure(ChatError.invalid(.notDeletable(row.id))) }
            if !rows.contains(where: { $0.id == row.id }) { rows.append(row) }
        }
        return rows
    }

    private func confirm(_ what: String, _ context: CommandContext) throws(CommandFailure) {
        guard !yes else { return }
        let strings = context.strings
        let answer: String
        do throws(PasswordPrompt.Failure) {
            answer = try context.input.ask(strings.askDeletion(of: what), isSecret: false)
        } catch {
            // The terminal is already restored.
            if case .interrupted(let signal) = error { SignalRelay.endProcess(by: signal) }
            throw CommandFailure(
                .usage, strings.noTerminalToAsk(strings.deletionWord), advice: strings.deletionAdvice)
        }
        guard strings.isYes(answer) else { throw CommandFailure(.refused, strings.notDeleted) }
    }
}
