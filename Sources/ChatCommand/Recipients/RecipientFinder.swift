import ChatClientCore
import ChatTUI
import ChatWire

/// Finds the person that WHO means: first in the cache, then on the server.
///
/// The resolver decides which person a word means.
struct RecipientFinder {
    let context: CommandContext
    let client: ChatClient
    /// How much of a name is required.
    var care = RecipientResolver.Care.final

    /// The one person that `who` means.
    ///
    /// Before a person who is not a contact matches by name, the server is asked for contacts from other devices.
    /// Then it is asked about an email address or a whole name that nobody here has. So words meant for a friend
    /// cannot reach a stranger with the friend's name.
    func find(_ who: String) async throws(CommandFailure) -> Recipient {
        let answer = RecipientResolver.resolve(who, among: try await known(), care: care)
        switch answer {
        case .unknown(let suggestions): return try await ask(who, suggestions)
        case .found(let person) where care != .revocable && isStranger(person, who):
            // Without the server only the cache is known.
            guard (try? await client.contacts.list()) != nil else { return person }
            return try recipient(who, RecipientResolver.resolve(who, among: try await known(), care: care))
        default: return try recipient(who, answer)
        }
    }

    /// Whether the person matched by a name that others chose.
    private func isStranger(_ person: Recipient, _ who: String) -> Bool {
        !person.isContact && RecipientResolver.userID(strippedLikePython(who)) == nil
    }

    private func known() async throws(CommandFailure) -> [Recipient] {
        try await context.asking { () throws(ChatError) in
            try await client.conversations().map { Recipient($0) }
        }
    }

    private func recipient(
        _ who: String, _ answer: RecipientResolver.Answer
    ) throws(CommandFailure) -> Recipient {
        switch answer {
        case .found(let recipient): return recipient
        case .ambiguous(let people): throw ambiguous(who, people)
        case .unknown(let suggestions): throw unknown(who, suggestions)
        }
    }

    private func ask(_ who: String, _ suggestions: [String]) async throws(CommandFailure) -> Recipient {
        do throws(ChatError) {
            _ = try await client.contacts.list()
        } catch {
            // Without the server nobody can say whether such a person exists.
            throw suggestions.isEmpty ? context.strings.failure(error) : unknown(who, suggestions)
        }
        let answer = RecipientResolver.resolve(who, among: try await known(), care: care)
        guard case .unknown(let suggestions) = answer else { return try recipient(who, answer) }
        return try await askAboutStrangers(who, suggestions)
    }

    private func askAboutStrangers(
        _ who: String, _ suggestions: [String]
    ) async throws(CommandFailure) -> Recipient {
        let found: [Recipient]
        do throws(ChatError) {
            found = try await client.contacts.findPeople(who).map { Recipient($0) }
        } catch .invalid {
            found = []
        } catch {
            throw context.strings.failure(error)
        }
        let answer = RecipientResolver.resolve(who, among: found, care: .whole)
        guard case .unknown = answer else { return try recipient(who, answer) }
        throw unknown(who, suggestions.isEmpty ? found.prefix(3).map(\.name) : suggestions)
    }

    private func ambiguous(_ who: String, _ people: [Recipient]) -> CommandFailure {
        let names = people.prefix(5).map { "\($0.name) <\($0.email ?? "#\($0.id)")>" }
        return CommandFailure(
            .unknownRecipient,
            context.strings.ambiguousRecipient(CleanLine(who), names.map { CleanLine($0) }),
            advice: context.strings.ambiguousAdvice)
    }

    private func unknown(_ who: String, _ suggestions: [String]) -> CommandFailure {
        let strings = context.strings
        return CommandFailure(
            .unknownRecipient, strings.unknownRecipient(CleanLine(who)),
            advice: suggestions.isEmpty
                ? strings.findAdvice : strings.didYouMean(suggestions.map { CleanLine($0) }))
    }
}
