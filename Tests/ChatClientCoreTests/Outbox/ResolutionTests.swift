import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct ResolutionTests {
    private func question(_ name: String, _ content: String, above known: Int64) -> Resolution.Question {
        Resolution.Question(tempID: TempID(name), content: content, knownID: MessageID(known))
    }

    /// - Parameter known: the ids that the cache held before.
    private func match(
        _ questions: [Resolution.Question], _ page: [Message], limit: Int = 200, known: [Int64] = [10],
        taken: Set<MessageID> = [], isOrderedByID: Bool = true, listed: ListedNewest? = nil
    ) -> [Resolution.Outcome] {
        let answer = ConversationPage(
            peer: bia, messages: page, limit: limit, before: nil, knownAtRequest: MessageID(1000),
            isPeek: true, isOrderedByID: isOrderedByID, listed: listed)
        let ids = Set(known.map { MessageID($0) })
        let proof = PageProof(
            answer,
            PageProof.Known(
                newest: ids.max(), shown: ids.intersection(page.map(\.id)), isBlank: ids.isEmpty))
        return Resolution.match(questions, page: page, proof: proof, me: ana, taken: taken)
    }

    private func listed(_ message: Message?, known: Int64 = 1000) -> ListedNewest {
        ListedNewest(
            content: message?.content, time: message?.createdAt, knownAtRequest: MessageID(known))
    }

    @Test func anOwnMessageOfTheSameTextAboveTheKnownIDIsFound() {
        let sent = Message.sample(11, from: ana, to: bia, "oi")
        let page = [Message.sample(12), sent, .sample(10, from: ana, to: bia, "oi")]
        #expect(match([question("t", "oi", above: 10)], page) == [.found(TempID("t"), sent)])
    }

    @Test func theServersTrimmingDoesNotHideIt() {
        let sent = Message.sample(11, from: ana, to: bia, "\u{A0}oi \n")
        #expect(match([question("t", "oi", above: 10)], [sent]) == [.found(TempID("t"), sent)])
    }

    @Test func aPeersMessageOfTheSameTextIsNone() {
        #expect(
            match([question("t", "oi", above: 10)], [.sample(11, "oi"), .sample(10)]) == [
                .absent(TempID("t"))
            ])
    }

    @Test func eachServerMessageAnswersOneQuestionInOrder() {
        let first = Message.sample(11, from: ana, to: bia, "oi")
        let second = Message.sample(12, from: ana, to: bia, "oi")
        let questions = [
            question("a", "oi", above: 10), question("b", "oi", above: 10), question("c", "oi", above: 10),
        ]
        #expect(
            match(questions, [second, first, .sample(10)])
                == [.found(TempID("a"), first), .found(TempID("b"), second), .absent(TempID("c"))])
    }

    @Test func aMessageConfirmedBeforeIsNotTakenAgain() {
        let sent = Message.sample(11, from: ana, to: bia, "oi")
        #expect(
            match(
                [question("t", "oi", above: 10)], [sent, .sample(10)], known: [10, 11], taken: [MessageID(11)]
            )
                == [.absent(TempID("t"))])
    }

    @Test func aFullPageThatDoesNotReachBackProvesNothing() {
        let page = (101...104).reversed().map { Message.sample($0) }
        let known: [Int64] = [50, 101]
        #expect(
            match([question("t", "oi", above: 60)], page, limit: 4, known: known) == [
                .undecidable(TempID("t"))
            ])
        #expect(
            match([question("t", "oi", above: 101)], page, limit: 4, known: known) == [.absent(TempID("t"))])
        // A short page may have been cut off.
        #expect(
            match([question("t", "oi", above: 60)], page, limit: 5, known: known) == [.unproved(TempID("t"))])
    }

    /// A failed read on the server looks like a conversation without messages.
    @Test func anEmptyPageProvesNothing() {
        let question = question("t", "oi", above: 50)
        #expect(match([question], []) == [.unproved(TempID("t"))])
        #expect(match([question], [], known: []) == [.unproved(TempID("t"))])
        #expect(match([question], [], listed: listed(.sample(10))) == [.unproved(TempID("t"))])
        // Except that the contact list agrees.
        #expect(match([question], [], listed: listed(nil)) == [.absent(TempID("t"))])
        #expect(match([question], [], known: [], listed: listed(nil)) == [.absent(TempID("t"))])
    }

    /// A cache on the way answers with an old page.
    @Test func aPageOfBeforeProvesNothing() {
        let page = [Message.sample(9), .sample(8)]
        #expect(match([question("t", "oi", above: 10)], page, known: [8, 9, 10]) == [.unproved(TempID("t"))])
        #expect(
            match([question("t", "oi", above: 9)], page, known: [8, 9], listed: listed(.sample(11)))
                == [.unproved(TempID("t"))])
    }

    /// The known message is in the second of the cut, and the wanted one may be too.
    @Test func theSecondOfTheCutProvesNothingWhereOnlySecondsAreOrdered() {
        var page = [Message.sample(13), .sample(10)]
        #expect(
            match([question("t", "oi", above: 10)], page, limit: 2, isOrderedByID: false)
                == [.undecidable(TempID("t"))])
        page.append(.sample(7))
        #expect(
            match([question("t", "oi", above: 10)], page, limit: 3, isOrderedByID: false)
                == [.absent(TempID("t"))])
    }
}
