import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// One message of the outbox, with its receiver.
struct UnsentLetter: Sendable {
    let tempID: TempID
    let recipient: Recipient
    let row: TimelineRow

    var name: String { recipient.name }

    /// The part of the temp_id that people type: it distinguishes some hundreds of them.
    static let shownLength = 8

    var json: JSONValue { json(state: row.state) }

    func json(after outcome: SendOutcome) -> JSONValue {
        switch outcome {
        case .sent(let message): json(state: .sent, id: message.id)
        case .failed(let reason): json(state: .failed, failure: reason)
        case .held: json(state: .held)
        case .queued, .discarded: json(state: .queued)
        }
    }

    private func json(state: RowState, id: MessageID? = nil, failure: String? = nil) -> JSONValue {
        [
            "temp_id": .string(tempID.rawValue), "to": CommandJSON.person(recipient),
            "id": id.map { .integer($0.rawValue) } ?? .null,
            "content": .string(row.content), "time": CommandJSON.time(row.time),
            "state": CommandJSON.state(state),
            "held": state == .held ? CommandJSON.held(row.heldReason) : .null,
            "failure": (failure ?? row.failure).map(JSONValue.string) ?? .null,
        ]
    }

    func columns(_ context: CommandContext) -> [String] {
        var state = context.strings.state(row.state)
        if row.state == .held, let why = context.strings.held(row.heldReason) { state += ": \(why)" }
        if let failure = row.failure { state += ": \(context.strings.serverLine(failure))" }
        return [
            String(tempID.rawValue.prefix(Self.shownLength)), LocalTime.dateAndTime(row.time),
            context.ink.bold(Sanitizer.line(name)), TextTable.excerpt(row.content), context.ink.faint(state),
        ]
    }
}

/// The outbox as commands see it.
enum UnsentLetters {
    static func all(
        of client: ChatClient, _ context: CommandContext
    ) async throws(CommandFailure) -> [UnsentLetter] {
        try await context.asking { () throws(ChatError) in
            let people = try await client.conversations()
            return try await client.outbox.rows().compactMap { peer, row in
                guard let tempID = row.tempID else { return nil }
                let known = people.first { $0.peer == peer }.map { Recipient($0) }
                return UnsentLetter(
                    tempID: tempID, recipient: known ?? Recipient(id: peer, name: "#\(peer)", email: nil),
                    row: row)
            }
        }
    }
}

/// Selects the messages of the outbox that a command handles.
struct LetterChoice: ParsableArguments {
    @Argument(help: HelpText.letterID.help(.ids))
    var ids: [String] = []

    @Flag(help: HelpText.allLetters.help)
    var all = false

    func validate() throws {
        guard all != ids.isEmpty else { return }
        throw ValidationError(CommandLanguage.words(for: all ? .notBoth("ids", "--all") : .noneChosen))
    }

    func letters(of client: ChatClient, _ context: CommandContext) async throws(CommandFailure)
        -> [UnsentLetter]
    {
        let letters = try await UnsentLetters.all(of: client, context)
        guard !all else { return letters }
        var chosen: [UnsentLetter] = []
        for id in ids {
            let found = letters.filter { $0.tempID.rawValue.hasPrefix(id.lowercased()) }
            guard let letter = found.first, found.count == 1, !id.isEmpty else {
                throw CommandFailure(
                    .invalidInput,
                    found.isEmpty
                        ? context.strings.noLetter(CleanLine(id))
                        : context.strings.severalLetters(CleanLine(id)),
                    advice: context.strings.outboxAdvice)
            }
            if !chosen.contains(where: { $0.tempID == letter.tempID }) { chosen.append(letter) }
        }
        return chosen
    }
}
