import ChatClientCore
import ChatWire

/// Finds the person that WHO means: among those in the cache first, then on the server.
struct RecipientFinder {
    let context: CommandContext
    let client: ChatClient

    /// The one person that `who` means.
    ///
    /// The server is asked for the contacts of other devices first, and then about an email address or a
    /// whole name that nobody among them has: words meant for a friend must not reach a stranger because of
    /// a few letters in common.
    func find(_ who: String) async throws(CommandFailure) -> Recipient {
        let answer = RecipientResolver.resolve(who, among: try await known())
        if case .unknown(let suggestions) = answer { return try await ask(who, suggestions) }
        return try recipient(who, answer)
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
            _ = try await client.contacts()
        } catch {
            // Without the server nobody can say whether there is such a person.
            throw suggestions.isEmpty ? context.strings.failure(error) : unknown(who, suggestions)
        }
        let answer = RecipientResolver.resolve(who, among: try await known())
        guard case .unknown(let suggestions) = answer else { return try recipient(who, answer) }
        return try await askAboutStrangers(who, suggestions)
    }

    private func askAboutStrangers(
        _ who: String, _ suggestions: [String]
    ) async throws(CommandFailure) -> Recipient {
        let found: [Recipient]
        do throws(ChatError) {
            found = try await client.findPeople(who).map { Recipient($0) }
        } catch .invalid {
            found = []
        } catch {
            throw context.strings.failure(error)
        }
        let answer = RecipientResolver.resolveExactly(who, among: found)
        guard case .unknown = answer else { return try recipient(who, answer) }
        throw unknown(who, suggestions.isEmpty ? found.prefix(3).map(\.name) : suggestions)
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
