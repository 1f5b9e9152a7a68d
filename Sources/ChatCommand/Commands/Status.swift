import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat status`
struct Status: ResultCommand {
    static let title = "status"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "status", abstract: HelpText.status.text,
            discussion: HelpText.statusDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    var unusedVariables: Set<String> { offline ? VariableGroup.connection : [] }

    @Flag(help: HelpText.statusOffline.help)
    var offline = false

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        let client = try context.makeClient()
        try await context.signInByToken(client)
        let account = await client.account
        let outbox = await client.outboxSummary()
        let conversations = try await context.asking { () throws(ChatError) in
            try await client.conversations()
        }
        let answer = offline ? nil : await ask(client)
        await client.disconnect()
        return report(account, outbox, conversations, answer, context)
    }

    private func ask(_ client: ChatClient) async -> Result<ServerInformation, ChatError> {
        do throws(ChatError) {
            return .success(try await client.serverInformation())
        } catch {
            return .failure(error)
        }
    }

    private func report(
        _ account: Account?, _ outbox: OutboxSummary, _ conversations: [Conversation],
        _ answer: Result<ServerInformation, ChatError>?, _ context: CommandContext
    ) -> CommandResult {
        let settings = context.settings
        let strings = context.strings
        let unread = conversations.filter { $0.unread > 0 }
        let unreadCount = unread.reduce(0) { $0 + $1.unread }
        var fields: JSONObject = [
            "server": .string(settings.server.description),
            "server_from": .string(settings.serverSource.rawValue),
            "profile": .string(settings.profile),
            "account": account.map { CommandJSON.user($0.user) } ?? .null,
            "expires_at": CommandJSON.time(account?.expiresAt),
            "unread": .integer(Int64(unreadCount)),
            "unread_conversations": .integer(Int64(unread.count)),
            "outbox": CommandJSON.outbox(outbox),
        ]
        var rows = [
            [strings.serverWord, settings.server.description],
            [strings.profileWord, settings.profile],
            [
                strings.accountWord,
                account.map { strings.person($0.user.name, $0.user.email) } ?? strings.noAccount,
            ],
            [strings.unreadWord, strings.unread(unreadCount, in: unread.count)],
            [strings.outboxWord, strings.outbox(outbox)],
        ]
        var status = ExitStatus.success
        var remark: String?
        switch answer {
        case nil:
            fields.append("reachable", .null)
            rows.append([strings.linkWord, strings.notAsked])
        case .success(let information):
            fields.append("reachable", true)
            fields.append("server_information", Self.json(information))
            rows.append([strings.linkWord, "\(strings.reachable), \(Self.name(information))"])
            let extensions = information.capabilities.map(\.rawValue).sorted().joined(separator: ", ")
            rows.append([strings.extensionsWord, extensions.isEmpty ? strings.none : extensions])
        case .failure(let error):
            let failure = strings.failure(error)
            fields.append("reachable", false)
            status = failure.status
            remark = failure.line
        }
        return CommandResult(status: status, fields: fields, lines: TextTable.lines(rows), remark: remark)
    }

    private static func name(_ information: ServerInformation) -> String {
        Sanitizer.line("\(information.name) \(information.version)")
    }

    private static func json(_ information: ServerInformation) -> JSONValue {
        [
            "name": .string(information.name), "version": .string(information.version),
            "capabilities": .array(information.capabilities.map(\.rawValue).sorted().map(JSONValue.string)),
        ]
    }
}
