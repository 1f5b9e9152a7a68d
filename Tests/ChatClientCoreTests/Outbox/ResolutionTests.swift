import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct ResolutionTests {
    private func question(_ name: String, _ content: String, above known: Int64) -> Resolution.Question {
        Resolution.Question(tempID: TempID(name), content: content, knownID: MessageID(known))
    }

    private func match(
        _ questions: [Resolution.Question], _ page: [Message], limit: Int = 200, taken: Set<MessageID> = []
    ) -> [Resolution.Outcome] {
        Resolution.match(questions, page: page, limit: limit, me: ana, taken: taken)
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
        #expect(match([question("t", "oi", above: 10)], [.sample(11, "oi")]) == [.absent(TempID("t"))])
    }

    @Test func eachServerMessageAnswersOneQuestionInOrder() {
        let first = Message.sample(11, from: ana, to: bia, "oi")
        let second = Message.sample(12, from: ana, to: bia, "oi")
        let questions = [
            question("a", "oi", above: 10), question("b", "oi", above: 10), question("c", "oi", above: 10),
        ]
        #expect(
            match(questions, [second, first])
                == [.found(TempID("a"), first), .found(TempID("b"), second), .absent(TempID("c"))])
    }

    @Test func aMessageConfirmedBeforeIsNotTakenAgain() {
        let sent = Message.sample(11, from: ana, to: bia, "oi")
        #expect(
            match([question("t", "oi", above: 10)], [sent], taken: [MessageID(11)]) == [.absent(TempID("t"))])
    }

    @Test func aFullPageThatDoesNotReachBackProvesNothing() {
        let page = (101...104).reversed().map { Message.sample($0) }
        #expect(match([question("t", "oi", above: 50)], page, limit: 4) == [.undecidable(TempID("t"))])
        #expect(match([question("t", "oi", above: 101)], page, limit: 4) == [.absent(TempID("t"))])
        #expect(match([question("t", "oi", above: 50)], page, limit: 5) == [.absent(TempID("t"))])
    }

    @Test func anEmptyPageProvesAbsence() {
        #expect(match([question("t", "oi", above: 50)], []) == [.absent(TempID("t"))])
    }
}
