import ChatWire
import Testing

@testable import ChatClientCore

/// Scripts: the owner's calls and the resulting actions.
@Suite struct OutboxTests {
    private let start = MonotonicInstant(nanoseconds: 0)
    private let day = Duration.seconds(86_400)

    private func entry(
        _ number: Int64, to peer: UserID = bia, _ state: OutboxState = .queued, enteredAt: Int64 = 1000,
        isCancelled: Bool = false
    ) -> OutboxEntry {
        OutboxEntry(
            tempID: TempID("t\(number)"), rowID: RowID(number), peer: peer, sequence: number,
            enteredAt: Timestamp(seconds: enteredAt), state: state,
            knownID: state == .attempted ? MessageID(5) : nil, isCancelled: isCancelled)
    }

    private func outbox(_ entries: [OutboxEntry]) -> Outbox {
        var outbox = Outbox(heldAfter: day)
        _ = outbox.reconcile(with: entries)
        return outbox
    }

    private let noon = Timestamp(seconds: 2000)

    @Test func nothingIsSentWithoutALink() {
        var outbox = outbox([entry(1)])
        #expect(outbox.next(at: start) == [])
        #expect(outbox.deadline == nil)
    }

    @Test func oneAtATimeInEachConversationSideBySideInDifferentOnes() {
        var outbox = outbox([entry(1), entry(2), entry(3, to: caio)])
        #expect(outbox.linkCameUp(at: noon) == [])
        #expect(outbox.next(at: start) == [.transmit(TempID("t1")), .transmit(TempID("t3"))])
        #expect(outbox.next(at: start) == [])
        outbox.remove(TempID("t1"))
        #expect(outbox.next(at: start) == [.transmit(TempID("t2"))])
    }

    @Test func noMoreConversationsThanTheCapSendAtOnce() {
        let entries = (1...20).map { entry($0, to: UserID($0 + 10)) }
        var outbox = outbox(entries)
        _ = outbox.linkCameUp(at: noon)
        #expect(outbox.next(at: start).count == Outbox.parallelMax)
        #expect(!outbox.canSendAtOnce(to: caio))
        outbox.remove(TempID("t1"))
        #expect(outbox.next(at: start) == [.transmit(TempID("t9"))])
    }

    @Test func whatWasOnItsWayIsUnknownAfterTheLink() {
        var outbox = outbox([entry(1), entry(2)])
        _ = outbox.linkCameUp(at: noon)
        #expect(outbox.next(at: start) == [.transmit(TempID("t1"))])
        outbox.noteAttempt(TempID("t1"), above: MessageID(0))
        outbox.linkWentDown()
        #expect(outbox.summary == OutboxSummary(queued: 1, unknown: 1))
        _ = outbox.linkCameUp(at: noon)
        // Until the server's capabilities are known, the conversation waits behind the unknown message.
        #expect(outbox.next(at: start) == [])
        outbox.decide(.idempotent)
        #expect(outbox.next(at: start) == [.transmit(TempID("t1"))])
    }

    @Test func aCrashInSendingComesBackAsUnknown() {
        var outbox = outbox([entry(1, .attempted)])
        #expect(outbox.summary.unknown == 1)
        _ = outbox.linkCameUp(at: noon)
        outbox.decide(.lookFirst)
        #expect(outbox.next(at: start) == [.lookUp(bia)])
        #expect(outbox.next(at: start) == [])
        #expect(outbox.resolving(bia).map(\.tempID) == [TempID("t1")])
    }

    @Test func anAbsentMessageGoesAgainAndAFoundOneDoesNot() {
        var outbox = outbox([entry(1, .attempted), entry(2)])
        _ = outbox.linkCameUp(at: noon)
        outbox.decide(.lookFirst)
        #expect(outbox.next(at: start) == [.lookUp(bia)])
        outbox.resolve(bia, with: [.absent(TempID("t1"))], at: start)
        #expect(outbox.next(at: start) == [.transmit(TempID("t1"))])
        outbox.noteAttempt(TempID("t1"), above: MessageID(0))
        outbox.linkWentDown()
        _ = outbox.linkCameUp(at: noon)
        outbox.decide(.lookFirst)
        #expect(outbox.next(at: start) == [.lookUp(bia)])
        outbox.resolve(bia, with: [.found(TempID("t1"), .sample(9, from: ana, to: bia))], at: start)
        #expect(outbox.next(at: start) == [.transmit(TempID("t2"))])
    }

    @Test func theUndecidableIsHeldAndLaterOnesGoOn() {
        var outbox = outbox([entry(1, .attempted), entry(2)])
        _ = outbox.linkCameUp(at: noon)
        outbox.decide(.lookFirst)
        _ = outbox.next(at: start)
        outbox.resolve(bia, with: [.undecidable(TempID("t1"))], at: start)
        #expect(outbox.next(at: start) == [.transmit(TempID("t2"))])
        #expect(outbox.summary == OutboxSummary(sending: 1, held: 1))
    }

    @Test func aLookUpThatWouldMarkAsReadWaitsForThePerson() {
        var outbox = outbox([entry(1, .attempted)])
        _ = outbox.linkCameUp(at: noon)
        outbox.decide(.lookFirst)
        #expect(outbox.next(at: start) == [.lookUp(bia)])
        outbox.deferLookUp(bia)
        #expect(outbox.next(at: start) == [])
        outbox.opened(bia)
        #expect(outbox.next(at: start) == [.lookUp(bia)])
    }

    @Test func aCancelledMessageIsNeverSentAgainToFindOut() {
        var outbox = outbox([entry(1, .attempted, isCancelled: true)])
        _ = outbox.linkCameUp(at: noon)
        outbox.decide(.idempotent)
        #expect(outbox.next(at: start) == [.lookUp(bia)])
    }

    @Test func aFailedHeadIsParkedAndARetriedOneGoesBehind() {
        var outbox = outbox([entry(1), entry(2), entry(3)])
        _ = outbox.linkCameUp(at: noon)
        #expect(outbox.next(at: start) == [.transmit(TempID("t1"))])
        outbox.fail(TempID("t1"))
        #expect(outbox.next(at: start) == [.transmit(TempID("t2"))])
        var again = entry(1)
        again.sequence = 4
        outbox.retry(again)
        outbox.remove(TempID("t2"))
        #expect(outbox.next(at: start) == [.transmit(TempID("t3"))])
        outbox.remove(TempID("t3"))
        #expect(outbox.next(at: start) == [.transmit(TempID("t1"))])
    }

    @Test func silenceReplacesTheLink() {
        var outbox = outbox([entry(1)])
        _ = outbox.linkCameUp(at: noon)
        _ = outbox.next(at: start)
        let deadline = start + Outbox.answerTimeout
        #expect(outbox.deadline == deadline)
        #expect(outbox.next(at: deadline - .nanoseconds(1)) == [])
        #expect(outbox.next(at: deadline) == [.replaceLink])
    }

    @Test func aPausedOutboxSendsNothingAndLosesNothing() {
        var outbox = outbox([entry(1)])
        outbox.pause()
        _ = outbox.linkCameUp(at: noon)
        #expect(outbox.next(at: start) == [])
        #expect(outbox.summary == OutboxSummary(queued: 1, isPaused: true))
        outbox.resume()
        #expect(outbox.next(at: start) == [.transmit(TempID("t1"))])
    }

    @Test func whatWaitedForTooLongIsHeldWhenTheLinkReturns() {
        var outbox = outbox([
            entry(1, enteredAt: 0), entry(2, enteredAt: 90_000), entry(3, .attempted, enteredAt: 0),
        ])
        let later = Timestamp(seconds: 100_000)
        #expect(outbox.linkCameUp(at: later) == [.hold([TempID("t1")])])
        #expect(outbox.summary == OutboxSummary(queued: 1, unknown: 1, held: 1))
    }

    @Test func aClockSetBackHoldsNothing() {
        var outbox = outbox([entry(1, enteredAt: 1_000_000)])
        #expect(outbox.linkCameUp(at: Timestamp(seconds: 0)) == [])
    }

    @Test func anotherProgramsChangesAreTakenOver() {
        var outbox = outbox([entry(1), entry(2)])
        #expect(outbox.reconcile(with: [entry(2), entry(3, to: caio)]) == [bia, caio])
        #expect(Set(outbox.items.keys) == [TempID("t2"), TempID("t3")])
        #expect(outbox.reconcile(with: [entry(2), entry(3, to: caio)]) == [])
    }

    @Test func anAttemptThatRunsSurvivesReconciling() {
        var outbox = outbox([entry(1)])
        _ = outbox.linkCameUp(at: noon)
        _ = outbox.next(at: start)
        outbox.noteAttempt(TempID("t1"), above: MessageID(5))
        var onDisk = entry(1, .attempted)
        #expect(outbox.reconcile(with: [onDisk]) == [])
        onDisk.isCancelled = true
        #expect(outbox.reconcile(with: [onDisk]) == [bia])
        #expect(outbox.isSending(TempID("t1")))
        #expect(outbox.items[TempID("t1")]?.entry.isCancelled == true)
    }

    @Test func aMessageEnteredWithItsAttemptIsOnItsWay() {
        var outbox = outbox([])
        _ = outbox.linkCameUp(at: noon)
        #expect(outbox.canSendAtOnce(to: bia))
        outbox.enter(entry(1, .attempted), at: start)
        #expect(outbox.isSending(TempID("t1")))
        #expect(!outbox.canSendAtOnce(to: bia))
        #expect(outbox.canSendAtOnce(to: caio))
    }
}
