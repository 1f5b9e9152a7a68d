import ChatWire
import Logging
import Testing

@testable import ChatClientCore

/// Changes of contacts by the person, as scripts on a cache in memory.
@Suite struct ContactWishesTests {
    private func context(token: String? = "t") throws -> EngineContext {
        try EngineContext(
            store: ChatStore(inMemoryFor: ana), token: token, heldAfter: .seconds(60),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, generator: SplitMix64(seed: 1))
    }

    private func begin(
        _ wishes: inout ContactWishes, _ isWanted: Bool, _ name: String?, _ context: inout EngineContext
    ) throws -> ContactWishes.Start {
        try wishes.begin(bia, isWanted: isWanted, name: name, knownAs: nil, &context)
    }

    @Test func aCallerAsksForTheStepAndOnlyOneAtATime() throws {
        var context = try context()
        var wishes = ContactWishes()
        guard case .ask(let attempt) = try begin(&wishes, true, "Bia", &context) else {
            Issue.record("nobody asks")
            return
        }
        #expect(attempt.step == .add(bia, name: "Bia"))
        #expect(try begin(&wishes, true, "Bi", &context) == .queued, "the first answer is awaited")
        #expect(try wishes.end(attempt, .success(.sample(bia, "Bia")), &context) == true)
        guard case .ask(let next) = try begin(&wishes, true, "Bi", &context) else {
            Issue.record("nobody asks")
            return
        }
        #expect(next.step == .rename(ContactID(102), to: "Bi"))
    }

    @Test func whatIsSoAlreadyAsksNobody() throws {
        var context = try context()
        var wishes = ContactWishes()
        #expect(try begin(&wishes, false, nil, &context) == .done)
        #expect(try context.store.wishes.all().isEmpty)
    }

    @Test func withoutAnAccountTheWishWaits() throws {
        var context = try context(token: nil)
        var wishes = ContactWishes()
        #expect(try begin(&wishes, true, nil, &context) == .queued)
        #expect(try context.store.wishes.all().count == 1)
    }

    @Test func aRefusalByTheServerEndsTheWishAndNothingElseDoes() throws {
        var context = try context()
        var wishes = ContactWishes()
        guard case .ask(let attempt) = try begin(&wishes, true, nil, &context) else {
            Issue.record("nobody asks")
            return
        }
        #expect(try wishes.end(attempt, .failure(.timeout), &context) == false)
        #expect(try context.store.wishes.all().count == 1)
        #expect(try wishes.end(attempt, .failure(.refused(status: 400, message: "")), &context) == true)
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
