import ChatWire
import Logging
import TestSupport
import Testing

@testable import ChatClientCore

/// Changes of contacts by the person, as scripts on a cache in memory.
@Suite struct ContactWishesTests {
    private func context(token: String? = "t") throws -> EngineContext {
        try EngineContext(
            store: ChatStore(inMemoryFor: ana), token: token, heldAfter: .seconds(60),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            generator: SeededGenerator(seed: 1))
    }

    private func begin(
        _ wishes: inout ContactWishes, _ isWanted: Bool, _ name: String?, _ context: inout EngineContext
    ) throws -> ContactWishes.Start {
        try wishes.begin(bia, isWanted: isWanted, name: name, knownAs: nil, &context)
    }

    /// The question that a caller asks for such a change.
    private func ask<Question: ContactQuestion>(
        _ kind: Question.Type, _ name: String?, _ wishes: inout ContactWishes, _ context: inout EngineContext
    ) throws -> Question {
        guard case .ask(let question) = try begin(&wishes, true, name, &context) else {
            throw ChatError.invalid(.ownAccount)
        }
        return try #require(question as? Question)
    }

    @Test func aCallerAsksTheQuestionAndOnlyOneAtATime() throws {
        var context = try context()
        var wishes = ContactWishes()
        let question = try ask(AddContactQuestion.self, "Bia", &wishes, &context)
        #expect(question.wish.user == bia && question.wish.name == "Bia")
        guard case .queued = try begin(&wishes, true, "Bi", &context) else {
            Issue.record("the first answer is awaited")
            return
        }
        #expect(try wishes.end(question, .success(.sample(bia, "Bia")), &context) == true)
        let next = try ask(RenameContactQuestion.self, "Bi", &wishes, &context)
        #expect(next.id == ContactID(102) && next.name == "Bi")
    }

    @Test func whatIsSoAlreadyAsksNobody() throws {
        var context = try context()
        var wishes = ContactWishes()
        guard case .done = try begin(&wishes, false, nil, &context) else {
            Issue.record("something is asked")
            return
        }
        #expect(try context.store.wishes.all().isEmpty)
    }

    @Test func withoutAnAccountTheWishWaits() throws {
        var context = try context(token: nil)
        var wishes = ContactWishes()
        guard case .queued = try begin(&wishes, true, nil, &context) else {
            Issue.record("the server is asked")
            return
        }
        #expect(try context.store.wishes.all().count == 1)
    }

    @Test func aRefusalByTheServerEndsTheWishAndNothingElseDoes() throws {
        var context = try context()
        var wishes = ContactWishes()
        let question = try ask(AddContactQuestion.self, nil, &wishes, &context)
        #expect(try wishes.end(question, .failure(.timeout), &context) == false)
        #expect(try context.store.wishes.all().count == 1)
        #expect(try wishes.end(question, .failure(.refused(status: 400, message: "")), &context) == true)
        #expect(try context.store.wishes.all().isEmpty)
    }

    @Test func nobodyIsTheirOwnContact() throws {
        var context = try context()
        var wishes = ContactWishes()
        #expect(throws: ChatError.invalid(.ownAccount)) {
            _ = try wishes.begin(ana, isWanted: true, name: nil, knownAs: nil, &context)
        }
    }
}
