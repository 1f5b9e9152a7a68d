import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat send WHO [TEXT|-]`
struct Send: ResultCommand {
    static let title = "send"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "send", abstract: HelpText.send.text,
            discussion: HelpText.sendDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    @Argument(help: WhoArgument.help, completion: WhoArgument.completion)
    var who: String

    @Argument(help: HelpText.sendText.help(.text))
    var text: String?

    @Flag(help: HelpText.sendQueue.help)
    var queue = false

    @Option(help: HelpText.timeout.help(.duration))
    var timeout = DurationArgument(.seconds(15))

    /// Far more than the longest message; in bytes.
    private static let inputSizeMax = 1024 * 1024

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        let text = try content(context)
        return try await context.withSignedInClient { client, _ throws(CommandFailure) in
            let recipient = try await RecipientFinder(context: context, client: client).find(who)
            let changes = await client.changes()
            let tempID = try await context.asking { () throws(ChatError) in
                try await client.send(text, to: recipient.id)
            }
            await client.connect()
            let verdict = await SendWaiter(client: client, changes: changes, givesUpOffline: queue)
                .wait(for: tempID, timeout: timeout.duration)
            return try result(verdict, tempID: tempID, recipient: recipient, context)
        }
    }

    private func content(_ context: CommandContext) throws(CommandFailure) -> String {
        if let text, text != "-" { return text }
        let bytes: [UInt8]?
        do {
            bytes = try context.input.readAll(limit: Self.inputSizeMax)
        } catch {
            throw context.strings.failure(error)
        }
        guard let bytes else {
            throw CommandFailure(.invalidInput, context.strings.inputTooLong(limit: Self.inputSizeMax))
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw CommandFailure(.invalidInput, context.strings.messageNotText)
        }
        return Self.withoutLastBreak(text)
    }

    /// Every program ends its last line with a line break, which is not part of the text.
    private static func withoutLastBreak(_ text: String) -> String {
        // CR LF is one character.
        guard text.last == "\n" || text.last == "\r\n" else { return text }
        return String(text.dropLast())
    }

    private func result(
        _ verdict: SendWaiter.Verdict, tempID: TempID, recipient: Recipient, _ context: CommandContext
    ) throws(CommandFailure) -> CommandResult {
        let strings = context.strings
        var fields: JSONObject = [
            "to": CommandJSON.person(recipient), "temp_id": .string(tempID.rawValue),
        ]
        func result(
            _ state: RowState, _ status: ExitStatus, lines: [String] = [], remark: String? = nil
        ) -> CommandResult {
            fields.append("state", CommandJSON.state(state))
            return CommandResult(status: status, fields: fields, lines: lines, remark: remark)
        }
        switch verdict {
        case .outcome(.sent(let message)):
            fields.append("message_id", .integer(message.id.rawValue))
            fields.append("sent_at", CommandJSON.time(message.createdAt))
            return result(
                .sent, .success, lines: [strings.sent(to: CleanLine(recipient.name), id: message.id)])
        case .outcome(.failed(let reason)):
            return result(.failed, .refused, remark: strings.refusedMessage(strings.serverLine(reason)))
        case .outcome(.held):
            return result(.held, .queued, remark: strings.heldMessage)
        case .outcome(.discarded):
            return result(.failed, .refused, remark: strings.discardedMessage)
        case .outcome(.queued) where queue, .stopped where queue:
            return result(.queued, .success, lines: [strings.queued(for: CleanLine(recipient.name))])
        case .outcome(.queued):
            return result(.queued, .timeout, remark: strings.confirmationTimedOut)
        case .stopped(.refused):
            return result(.queued, .unauthorized, remark: strings.notConfirmed + ". " + strings.signInAdvice)
        case .stopped(let link):
            return result(.queued, .queued, remark: "\(strings.words(link)); \(strings.notConfirmed)")
        case .failed(let error):
            throw strings.failure(error)
        }
    }
}
