import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat contacts list|add|rename|remove|find`
struct Contacts: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "contacts", abstract: HelpText.contacts.text,
            subcommands: [List.self, Add.self, Rename.self, Remove.self, Find.self],
            defaultSubcommand: List.self)
    }

    @OptionGroup var global: GlobalOptions
}

extension Contacts {
    /// `mychat contacts list`
    struct List: ResultCommand {
        static let title = "contacts list"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "list", abstract: HelpText.contactsList.text)
        }

        @OptionGroup var global: GlobalOptions

        @Flag(help: HelpText.offline.help)
        var offline = false

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                var doubt: CacheRefresh.Doubt?
                if !offline {
                    do throws(ChatError) {
                        _ = try await client.contacts.list()
                    } catch {
                        let failure = context.strings.failure(error)
                        // Only a network problem may bring a better list later.
                        guard failure.status == .network || failure.status == .timeout else { throw failure }
                        doubt = CacheRefresh.Doubt(
                            remark: "\(context.strings.cachedOnly): \(failure.message)",
                            status: failure.status)
                    }
                }
                let contacts = try await context.asking { () throws(ChatError) in
                    try await client.conversations().filter(\.isContact)
                }
                let fields: JSONObject = [
                    "contacts": .array(contacts.map { Self.json($0) }),
                    "up_to_date": .bool(doubt == nil && !offline),
                ]
                return CommandResult(
                    status: doubt?.status(showingNothing: contacts.isEmpty) ?? .success, fields: fields,
                    lines: lines(contacts, context), remark: doubt?.remark)
            }
        }

        private static func json(_ contact: Conversation) -> JSONValue {
            [
                "id": .integer(contact.peer.rawValue), "name": .string(contact.name),
                "email": contact.email.map(JSONValue.string) ?? .null,
                "unread": .integer(Int64(contact.unread)),
                "last_message": contact.preview.map(JSONValue.string) ?? .null,
                "last_message_at": CommandJSON.time(contact.lastTime),
            ]
        }

        private func lines(_ contacts: [Conversation], _ context: CommandContext) -> [String] {
            guard !contacts.isEmpty else { return [context.strings.noContacts] }
            let rows = contacts.map { contact in
                [
                    "\(contact.peer)", Sanitizer.line(contact.name), Sanitizer.line(contact.email ?? ""),
                    contact.unread > 0 ? "(\(contact.unread))" : "",
                    contact.lastTime.map(LocalTime.dateAndTime) ?? "",
                ]
            }
            return TextTable.lines(rows)
        }
    }

    /// `mychat contacts add WHO [--name NAME]`
    struct Add: ResultCommand {
        static let title = "contacts add"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "add", abstract: HelpText.contactsAdd.text)
        }

        @OptionGroup var global: GlobalOptions

        @Argument(help: HelpText.contactsAddWho.help(.who))
        var who: String

        @Option(help: HelpText.contactsAddName.help(.name))
        var name: String?

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let recipient = try await RecipientFinder(
                    context: context, client: client, care: .whole
                ).find(who)
                let change = try await context.asking { () throws(ChatError) in
                    try await client.contacts.add(recipient.id, name: name)
                }
                guard case .applied(let contact?) = change else {
                    let person = Recipient(
                        id: recipient.id, name: name ?? recipient.name, email: recipient.email)
                    return CommandResult(
                        status: .queued, fields: ["contact": CommandJSON.person(person), "queued": true],
                        lines: [], remark: context.strings.contactQueued(CleanLine(person.name)))
                }
                let person = Recipient(id: contact.userID, name: contact.name, email: contact.userEmail)
                let fields: JSONObject = [
                    "contact": CommandJSON.person(person), "contact_id": .integer(contact.id.rawValue),
                    "queued": false,
                ]
                return CommandResult(
                    fields: fields, lines: [context.strings.contactAdded(CleanLine(contact.name))])
            }
        }
    }

    /// `mychat contacts rename WHO NAME`
    struct Rename: ResultCommand {
        static let title = "contacts rename"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "rename", abstract: HelpText.contactsRename.text)
        }

        @OptionGroup var global: GlobalOptions

        @Argument(help: WhoArgument.help, completion: WhoArgument.completion)
        var who: String

        @Argument(help: HelpText.contactsRenameName.help(.name))
        var name: String

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let recipient = try await RecipientFinder(context: context, client: client).find(who)
                let change = try await context.asking { () throws(ChatError) in
                    try await client.contacts.rename(recipient.id, to: name)
                }
                return change.result(
                    recipient,
                    done: context.strings.contactRenamed(CleanLine(recipient.name), CleanLine(name)), context)
            }
        }
    }

    /// `mychat contacts remove WHO`
    struct Remove: ResultCommand {
        static let title = "contacts remove"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "remove", abstract: HelpText.contactsRemove.text)
        }

        @OptionGroup var global: GlobalOptions

        @Argument(help: WhoArgument.help, completion: WhoArgument.completion)
        var who: String

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let recipient = try await RecipientFinder(context: context, client: client).find(who)
                let change = try await context.asking { () throws(ChatError) in
                    try await client.contacts.remove(recipient.id)
                }
                return change.result(
                    recipient, done: context.strings.contactRemoved(CleanLine(recipient.name)), context)
            }
        }
    }

    /// `mychat contacts find TEXT`
    struct Find: ResultCommand {
        static let title = "contacts find"

        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "find", abstract: HelpText.contactsFind.text)
        }

        @OptionGroup var global: GlobalOptions

        @Argument(help: HelpText.contactsFindQuery.help(.text))
        var text: String

        func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
            try await context.withSignedInClient { client, _ throws(CommandFailure) in
                let people = try await context.asking { () throws(ChatError) in
                    try await client.contacts.findPeople(text)
                }
                let fields: JSONObject = [
                    "people": .array(people.map { CommandJSON.person(Recipient($0)) })
                ]
                let rows = people.map { Recipient($0) }.map { person in
                    ["\(person.id)", Sanitizer.line(person.name), Sanitizer.line(person.email ?? "")]
                }
                let lines = rows.isEmpty ? [context.strings.nobodyFound] : TextTable.lines(rows)
                return CommandResult(fields: fields, lines: lines)
            }
        }
    }
}

extension ContactChange {
    /// The result of a change to a contact.
    fileprivate func result(
        _ recipient: Recipient, done: String, _ context: CommandContext
    ) -> CommandResult {
        let fields: JSONObject = [
            "contact": CommandJSON.person(recipient), "queued": .bool(self == .queued),
        ]
        guard self == .queued else { return CommandResult(fields: fields, lines: [done]) }
        return CommandResult(
            status: .queued, fields: fields, lines: [], remark: context.strings.toldLater)
    }
}
