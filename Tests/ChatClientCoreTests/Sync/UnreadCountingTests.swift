import ChatWire
import Logging
import TestSupport
import Testing

@testable import ChatClientCore

/// Scripts on a cache in memory, without an engine.
@Suite struct UnreadCountingTests {
    private let now = Moment.at(0)

    /// A context whose link is up, on a cache with unread messages.
    private func context(_ messages: [Message]) throws -> EngineContext {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.apply(messages.map { .message($0, from: .live) })
        var context = try EngineContext(
            store: store, token: "t", heldAfter: .seconds(60),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            generator: SeededGenerator(seed: 1))
        context.requests.plan.begin(at: now.monotonic)
        for step in context.requests.plan.next(at: now.monotonic) { context.requests.plan.finish(step) }
        for step in context.requests.plan.next(at: now.monotonic) { context.requests.plan.finish(step) }
        return context
    }

    @Test func aContactIsReadWhenTheListSaysTheSame() throws {
        var context = try context([.sample(1, from: bia), .sample(2, from: caio)])
        var counting = UnreadCounting()
        var list = ContactListing()
        list.receive(
            [.sample(bia), .sample(caio, unread: 1)], leftOut: 0, known: MessageID(2), at: now.monotonic)
        let counts = UnreadCounts(bySender: [:])
        #expect(try counting.doubtful(in: counts, list, &context) == [caio])
    }

    @Test func anOldListIsNoWitness() throws {
        var context = try context([.sample(7, from: bia)])
        var counting = UnreadCounting()
        var list = ContactListing()
        list.receive([.sample(bia)], leftOut: 0, known: MessageID(6), at: now.monotonic)
        #expect(try counting.doubtful(in: UnreadCounts(bySender: [:]), list, &context) == [bia])
    }

    @Test func aStrangerIsReadWhenTwoCountsOfAnAnsweringServerSaySo() throws {
        var context = try context([.sample(1, from: bia), .sample(2, from: caio)])
        var counting = UnreadCounting()
        let counts = UnreadCounts(bySender: [caio: 1])
        #expect(try counting.doubtful(in: counts, ContactListing(), &context) == [bia])
        #expect(try counting.doubtful(in: counts, ContactListing(), &context) == [])
        let empty = UnreadCounts(bySender: [:])
        #expect(try counting.doubtful(in: empty, ContactListing(), &context) == [bia, caio], "it may fail")
    }

    @Test func doubtAsksAgainWithGrowingPauses() throws {
        var context = try context([.sample(1, from: bia)])
        var counting = UnreadCounting()
        let counts = UnreadCounts(bySender: [:])
        for pause in [5, 10, 20] {
            try counting.settle(counts, doubtful: [bia], untold: [], at: now.monotonic, &context)
            let due = now.monotonic + .seconds(pause)
            #expect(context.requests.plan.next(at: due - .milliseconds(1)) == [])
            let steps = context.requests.plan.next(at: due)
            #expect(Set(steps) == [.contacts, .unread])
            for step in steps { context.requests.plan.finish(step) }
        }
    }

    @Test func anEmptyCountHoldsBackTheMarksThatWait() throws {
        var context = try context([.sample(1, from: bia)])
        _ = try context.store.readMarks.markRead(bia, upTo: MessageID(1), countsAll: true)
        var counting = UnreadCounting()
        try counting.settle(
            UnreadCounts(bySender: [:]), doubtful: [], untold: [], at: now.monotonic, &context)
        #expect(counting.isEmptilyCounted(bia, ContactListing()))
        var list = ContactListing()
        list.receive([.sample(bia)], leftOut: 0, known: MessageID(1), at: now.monotonic)
        #expect(!counting.isEmptilyCounted(bia, list), "the list is another witness")
    }

    @Test func aPeerCountedBeforeItsMarkWasHandledIsCountedAgainOnce() throws {
        var context = try context([.sample(1, from: bia)])
        _ = try context.store.readMarks.markRead(bia, upTo: MessageID(1), countsAll: true)
        var counting = UnreadCounting()
        try counting.settle(
            UnreadCounts(bySender: [bia: 1]), doubtful: [], untold: [], at: now.monotonic, &context)
        #expect(counting.markWasHandled(bia) == true)
        #expect(counting.markWasHandled(bia) == false)
    }
}

@Suite struct ContactListingTests {
    private let start = MonotonicInstant(nanoseconds: 0)

    @Test func anEmptyListIsBelievedWhenItStaysEmpty() {
        var list = ContactListing()
        #expect(!list.isKnown && !list.isEmptyInDoubt(at: start))
        list.receive([], leftOut: 0, known: MessageID(0), at: start)
        #expect(list.isKnown && list.isEmptyInDoubt(at: start + .seconds(1)))
        list.receive([], leftOut: 0, known: MessageID(0), at: start + .seconds(30))
        #expect(!list.isEmptyInDoubt(at: start + PageProof.believedAfter))
        list.receive([.sample(bia)], leftOut: 0, known: MessageID(0), at: start + .seconds(90))
        list.receive([], leftOut: 0, known: MessageID(0), at: start + .seconds(91))
        #expect(list.isEmptyInDoubt(at: start + .seconds(92)), "it begins anew")
    }

    @Test func aListWithAnUnreadableElementIsNotEmpty() {
        var list = ContactListing()
        list.receive([], leftOut: 1, known: MessageID(0), at: start)
        #expect(!list.isEmptyInDoubt(at: start))
    }
}
