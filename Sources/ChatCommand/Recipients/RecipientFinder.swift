import ChatClientCore
import ChatWire

/// Finds the person that WHO means: among those in the cache first, then on the server.
struct RecipientFinder {
    let context: CommandContext
    let client: ChatClient

    /// The one person that `who` means.
    ///
    /// The server is asked only about an email address or a whole name that nobody in the cache has: words
    /// meant for a friend must not reach a stranger because of a few letters in common.
    func find(_ who: String) async throws(CommandFailure) -> Recipient {
        let known = try await context.asking { () throws(ChatError) in
            try await client.conversations().map { Recipient($0) }
        }
        switch RecipientResolver.resolve(who, among: known) {
        case .found(let recipient): return recipient
        case .ambiguous(let people): throw ambiguous(who, people)
        case .unknown(let suggestions): return try await ask(who, suggestions)
        }
    }

    private func ask(_ who: String, _ suggestions: [String]) async throws(CommandFailure) -> Recipient {
        let found: [Recipient]
        do {
            found = try await client.findPeople(who).map { Recipient($0) }
        } catch {
            guard case .invalid = error else {
                // Without the server nobody can say whether there is such a person.
                throw suggestions.isEmpty ? context.strings.failure(error) : unknown(who, suggestions)
            }
            found = []
        }
        switch RecipientResolver.resolveExactly(who, among: found) {
        case .found(let recipient): return recipient
        case .ambiguous(let people): throw ambiguous(who, people)
        case .unknown: throw unknown(who, suggestions.isEmpty ? found.prefix(3).map(\.name) : suggestions)
        }
    }

    private func ambiguous(_ who: String, _ people: [Recipient]) -> CommandFailure {
        let names = people.prefix(5).map { "\($0.name) <\($0.email ?? "#\($0.id)")>" }
        return CommandFailure(
            .unknownRecipient, context.strings.ambiguousRecipient(who, names),
            advice: context.strings.ambiguousAdvice)
    }

    private func unknown(_ who: String, _ suggestions: [String]) -> CommandFailure {
        let strings = context.strings
        return CommandFailure(
            .unknownRecipient, strings.unknownRecipient(who),
            advice: suggestions.isEmpty ? strings.findAdvice : strings.didYouMean(suggestions))
    }
}
