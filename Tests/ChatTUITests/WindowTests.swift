import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// Small values of the screen, one by one.
struct WindowTests {
    private func row(
        _ id: Int64, _ state: RowState = .received, gap: Bool = false, _ content: String = "x"
    ) -> TimelineRow {
        Fixtures.row(
            id, from: state == .received ? Fixtures.bia : Fixtures.me, content,
            at: Fixtures.at(14, 0), state, isGapAbove: gap)
    }

    private func timeline(
        _ rows: [TimelineRow], hasOlder: Bool = false, unread: Int = 0, first: Int64? = nil
    ) -> Timeline {
        Timeline(
            peer: Fixtures.bia, rows: rows, hasOlder: hasOlder, unread: unread,
            firstUnread: first.map { RowID($0) })
    }

    // MARK: Loads

    @Test func oneLoadIsInFlightHoweverManyAreWanted() {
        var reload = Reload.idle
        #expect(reload.request() == true)
        #expect(reload.request() == false)
        #expect(reload.request() == false)
        #expect(reload.finish() == true, "the rows are stale by now")
        #expect(reload == .loading)
        #expect(reload.finish() == false)
        #expect(reload == .idle)
        #expect(reload.request() == true)
    }

    @Test func aWindowBeginsWithItsLoadInFlight() {
        var window = MessageWindow(loading: Fixtures.bia)
        #expect(window.isLoading && !window.isLoaded)
        #expect(window.requestLoad() == false)
        #expect(window.finishLoad() == true)
        window.take(timeline([row(1), row(2)], hasOlder: true, unread: 1, first: 2), hasNewer: true)
        #expect(window.isLoaded && window.hasOlder && window.hasNewer)
        #expect(window.unread == 1 && window.firstUnread == RowID(2))
    }

    // MARK: Rows

    @Test func rowsAreKeptFromTheEnd() {
        var window = MessageWindow(loading: Fixtures.bia)
        window.take(timeline([row(1), row(2), row(3)]), hasNewer: false)
        window.keepNewest(3)
        #expect(window.rows.count == 3 && !window.hasOlder)
        window.keepNewest(2)
        #expect(window.rows.map(\.id) == [RowID(2), RowID(3)])
        #expect(window.hasOlder, "the first one is in the cache")
        window.prepend(timeline([row(0), row(1)], hasOlder: false))
        #expect(window.rows.map(\.id.rawValue) == [0, 1, 2, 3])
        #expect(!window.hasOlder)
    }

    @Test func fetchingEndsWithWhatItFound() {
        var window = MessageWindow(loading: Fixtures.bia)
        window.take(
            Timeline(peer: Fixtures.bia, rows: [row(1)], hasOlder: false, mayFetchOlder: true),
            hasNewer: false)
        window.beginFetchingOlder()
        #expect(window.isFetchingOlder)
        window.olderFetched(true)
        #expect(!window.isFetchingOlder && window.hasOlder && window.mayFetchOlder)
        window.beginFetchingOlder()
        window.olderFetched(false)
        #expect(!window.mayFetchOlder, "the server has no more")
        window.beginFilling(RowID(1))
        #expect(window.gapBeingFilled == RowID(1))
        window.gapFilled()
        #expect(window.gapBeingFilled == nil)
    }

    @Test(arguments: [(nil, 3), (0, nil), (1, 2), (2, 3), (3, 3), (9, nil)] as [(Int?, Int64?)])
    func theNearestGapIsAboveTheRow(index: Int?, expected: Int64?) {
        var window = MessageWindow(loading: Fixtures.bia)
        window.take(timeline([row(1), row(2, gap: true), row(3, gap: true), row(4)]), hasNewer: false)
        #expect(window.nearestGap(above: index)?.rawValue == expected)
    }

    @Test func aWindowKnowsWhatWaitsAndWhatIsNewest() {
        var window = MessageWindow(loading: Fixtures.bia)
        #expect(window.newestOwnRow == nil && window.newestReceivedRow == nil && window.waiting == [])
        window.take(
            timeline([row(1), row(2, .read), row(3, .failed), row(4, .queued), row(5, .held)]),
            hasNewer: false)
        #expect(window.waiting == [TempID("t3"), TempID("t5")])
        #expect(window.newestOwnRow?.id == RowID(5))
        #expect(window.newestReceivedRow?.id == RowID(1))
        #expect(window.index(of: RowID(3)) == 2 && window.index(of: RowID(9)) == nil)
        #expect(window.contains(RowID(1)) && !window.contains(RowID(0)))
    }

    @Test func aLaterLoadIsTheSumOfItsDifferences() {
        var window = MessageWindow(loading: Fixtures.bia)
        window.take(timeline([row(1), row(2, .sent), row(20, .queued)]), hasNewer: false)
        let changes = window.follow(timeline([row(2, .read), row(20, .sent), row(21)]))
        #expect(changes == [.moved(row(2, .read)), .moved(row(20, .sent)), .added(row(21))])
        #expect(window.rows == [row(1), row(2, .read), row(20, .sent), row(21)], "older rows stay")
        #expect(window.follow(timeline([row(2, .read), row(20, .sent), row(21)])) == [])
    }

    @Test func rowsThatAreGoneGo() {
        var window = MessageWindow(loading: Fixtures.bia)
        window.take(timeline([row(1), row(2), row(3)]), hasNewer: false)
        #expect(window.follow(timeline([row(1), row(3)])) == [])
        #expect(window.rows == [row(1), row(3)])
    }

    @Test func whatIsOlderThanTheNewestIsNoNews() {
        var window = MessageWindow(loading: Fixtures.bia)
        window.take(timeline([row(5)]), hasNewer: false)
        #expect(window.follow(timeline([row(4), row(5), row(6)])) == [.added(row(6))])
        #expect(window.rows == [row(5), row(6)])
    }

    // MARK: The unread line

    private func taken(
        _ line: UnreadLine, _ timeline: Timeline, isFirst: Bool = true, isAtEnd: Bool = true,
        newest: Int64? = nil, unseen: Bool = true
    ) -> UnreadLine {
        var line = line
        line.take(
            timeline, isFirst: isFirst, newest: newest.map { TimelinePosition(sent: MessageID($0)) },
            isAtEnd: isAtEnd, comesUnseen: { _ in unseen })
        return line
    }

    @Test func theLineStandsAboveTheFirstUnreadMessage() {
        let line = taken(UnreadLine(), timeline([row(1), row(2)], unread: 1, first: 2))
        #expect(line.mark == UnreadLine.Mark(row: RowID(2), count: 1, isSeen: false))
        #expect(line.markToShow == line.mark)
        #expect(taken(UnreadLine(), timeline([row(1)])).mark == nil, "nothing is unread")
    }

    @Test func theLineStaysWhileMoreComes() {
        var line = taken(UnreadLine(), timeline([row(1), row(2)], unread: 1, first: 2))
        line = taken(
            line, timeline([row(1), row(2), row(3)], unread: 2, first: 2), isFirst: false, newest: 2)
        #expect(line.mark == UnreadLine.Mark(row: RowID(2), count: 2, isSeen: false))
        line = taken(line, timeline([row(2), row(3)], unread: 1, first: 3), isFirst: false, newest: 3)
        #expect(line.mark?.count == 2, "it does not count down")
        line.markSeen()
        #expect(line.markToShow == nil)
        line = taken(line, timeline([row(3), row(4)], unread: 1, first: 4), isFirst: false, newest: 3)
        #expect(line.mark == UnreadLine.Mark(row: RowID(4), count: 1, isSeen: false), "a line of its own")
    }

    @Test func whatIsSeenAtOnceGetsNoLine() {
        let line = taken(
            UnreadLine(), timeline([row(1), row(2)], unread: 1, first: 2), isFirst: false, newest: 1,
            unseen: false)
        #expect(line.mark == nil)
    }

    @Test func theViewIsLedOnlyFromTheEnd() {
        let line = taken(UnreadLine(), timeline([row(1)], unread: 1, first: 1), isAtEnd: false)
        #expect(line.mark != nil && line.markToShow == nil)
        var led = taken(UnreadLine(), timeline([row(1)], unread: 1, first: 1))
        led.viewMoved()
        #expect(led.markToShow == nil)
        led.viewLed()
        #expect(led.markToShow != nil)
    }

    @Test func aServerThatMarksWhatItGivesIsNotBelieved() {
        // It counts three, of which none is here yet; then they come, and it counts none.
        var line = taken(UnreadLine(), timeline([row(1)], unread: 3))
        #expect(line.mark == nil)
        line = taken(line, timeline([row(1), row(2), row(3, .sent), row(4)]), isFirst: false, newest: 1)
        #expect(line.mark == UnreadLine.Mark(row: RowID(2), count: 2, isSeen: false))
    }

    @Test func aLineIsPutOnce() {
        var line = UnreadLine()
        line.put(at: RowID(3), count: 4, isSeen: true)
        line.put(at: RowID(5), count: 1, isSeen: false)
        #expect(line.mark == UnreadLine.Mark(row: RowID(3), count: 4, isSeen: true))
    }

    // MARK: The list, sent texts, profiles

    @Test func theCursorStaysInTheList() {
        var list = ListPane()
        list.move(by: 1, in: [])
        #expect(list.cursor == nil)
        list.take(Fixtures.conversations, open: nil)
        #expect(list.cursor == Fixtures.bia)
        list.move(by: 2, in: Fixtures.conversations)
        #expect(list.cursor == Fixtures.davi)
        list.move(by: 9, in: Fixtures.conversations)
        #expect(list.cursor == Fixtures.emma)
        list.move(by: -9, in: Fixtures.conversations)
        #expect(list.cursor == Fixtures.bia)
        list.take(Array(Fixtures.conversations.dropFirst()), open: Fixtures.davi)
        #expect(list.cursor == Fixtures.davi, "to the one that is open")
        list.take([], open: nil)
        #expect(list.cursor == nil)
    }

    @Test func aHundredTextsAreRemembered() {
        var texts = SentTexts()
        #expect(texts[Fixtures.bia] == [])
        texts.add("a", to: Fixtures.bia)
        texts.add("a", to: Fixtures.bia)
        texts.add("b", to: Fixtures.caio)
        #expect(texts[Fixtures.bia] == ["a"], "the same twice is once")
        for number in 1...100 { texts.add("\(number)", to: Fixtures.bia) }
        #expect(texts[Fixtures.bia].count == 100)
        #expect(texts[Fixtures.bia].first == "1")
        #expect(texts[Fixtures.caio] == ["b"])
    }

    @Test func aProfileIsChangedWhereItCanBe() {
        let strings = Language.english.catalogue()
        #expect(
            Profiles(current: "default", known: nil).change(to: "work", strings)
                == .say(strings.oneProfileOnly, .warning, .seconds(6)))
        #expect(Profiles(current: "default", known: []).change(to: "work", strings) == .change("work"))
    }

    @Test func otherProfilesAreNamed() {
        let strings = Language.english.catalogue()
        let profiles = Profiles(current: "default", known: ["default", "work", "home"])
        #expect(profiles.others == ["work", "home"])
        #expect(
            profiles.change(to: "", strings)
                == .say(strings.profileIs("default", others: ["work", "home"]), .information, .seconds(15)))
        #expect(profiles.change(to: "a/b", strings) == .say(strings.noProfileName, .warning, .seconds(10)))
        #expect(
            profiles.change(to: "default", strings)
                == .say(strings.profileIs("default", others: []), .information, .seconds(6)))
    }

    // MARK: Held messages and leaving

    @Test func heldMessagesAreAskedAboutOnce() {
        var held = HeldMessages()
        #expect(held.ask(OutboxSummary(held: 3)) == nil, "nobody said so")
        held.take(.held(count: 1))
        held.take(.held(count: 2))
        held.take(.signInAgain)
        #expect(held.ask(OutboxSummary(held: 2)) == Question(.held(3)))
        #expect(held.ask(OutboxSummary(held: 2)) == nil)
        held.take(.held(count: 1))
        #expect(held.ask(OutboxSummary()) == nil, "they are gone")
    }

    @Test(
        arguments: [
            ChatNotice.formerServer(.otherDatabase, held: 2), .goneFromServer(count: 2),
        ])
    func heldMessagesOfAnotherServerAreNamed(notice: ChatNotice) {
        var held = HeldMessages()
        held.take(notice)
        held.take(.held(count: 1))
        #expect(held.ask(OutboxSummary(held: 3)) == Question(.heldFromFormerServer(3)))
        held.take(.held(count: 1))
        #expect(held.ask(OutboxSummary(held: 1)) == Question(.held(1)), "that is over")
    }

    @Test func aServerThatHoldsNothingAsksNothing() {
        var held = HeldMessages()
        held.take(.formerServer(.wentBack, held: 0))
        held.take(.goneFromServer(count: 0))
        #expect(held.count == nil)
    }

    private let start = MonotonicInstant(nanoseconds: 0)

    @Test func aDepartureBeginsOnceAndEndsWithTheOutbox() {
        var departure = Departure()
        #expect(departure.finish(OutboxSummary()) == [], "nobody leaves")
        #expect(departure.begin(.quit, at: start) == true)
        #expect(departure.deadline == start + .seconds(1))
        #expect(departure.begin(.terminalLost, at: start) == false)
        #expect(
            departure.finish(OutboxSummary(queued: 1, sending: 1, unknown: 1, failed: 2, held: 1)) == [
                .leave(TerminalExit(reason: .quit, unsent: 3, waiting: 3))
            ])
        #expect(departure.deadline == nil)
    }

    @Test func theSecondInterruptInTimeQuits() {
        var departure = Departure()
        #expect(departure.interrupt(at: start) == false)
        departure.forgetInterrupt(at: start + .seconds(2))
        #expect(departure.interrupt(at: start + .milliseconds(2999)) == true)
        departure = Departure()
        #expect(departure.interrupt(at: start) == false)
        #expect(departure.interrupt(at: start + .seconds(3)) == false, "too late: it is a first one again")
        departure.forgetInterrupt(at: start + .seconds(6))
        #expect(departure.interruptDeadline == nil)
    }

    @Test(
        "Plain mode leaves when what was entered is sent, or cannot be",
        arguments: [
            (LinkState.online, OutboxSummary(), false, true),
            (.online, OutboxSummary(queued: 1), false, false),
            (.online, OutboxSummary(), true, false), (.connecting, OutboxSummary(), false, false),
            (.offline(reason: .notStarted, nextTry: nil), OutboxSummary(), false, false),
            (.offline(reason: .silence, nextTry: nil), OutboxSummary(queued: 1), false, true),
            (.signedOut, OutboxSummary(queued: 1), false, true),
            (.refused, OutboxSummary(queued: 1), false, true),
            (.inUseElsewhere, OutboxSummary(queued: 1), true, true),
            (.online, OutboxSummary(failed: 1, held: 1), false, true),
        ])
    func plainDeparture(link: LinkState, outbox: OutboxSummary, isAwaiting: Bool, isDone: Bool) {
        var departure = PlainDeparture()
        #expect(!departure.isDone(link, outbox, isAwaiting: isAwaiting), "the input goes on")
        #expect(departure.inputEnded(at: start) == true)
        #expect(departure.inputEnded(at: start) == false)
        #expect(!departure.isDone(link, outbox, isAwaiting: isAwaiting), "not everything is in the outbox")
        #expect(departure.finished(outbox) == [])
        #expect(departure.isDone(link, outbox, isAwaiting: isAwaiting) == isDone)
        #expect(!departure.isOverdue(at: start + .milliseconds(14_999)))
        #expect(departure.isOverdue(at: start + .seconds(15)))
        #expect(departure.begin(.quit) == true)
        #expect(departure.begin(.signal(15)) == false)
        #expect(!departure.isDone(link, outbox, isAwaiting: isAwaiting), "it leaves already")
        #expect(
            departure.finished(outbox)
                == [.leave(TerminalExit(reason: .quit, unsent: outbox.unsent, waiting: outbox.waiting))])
    }

    @Test(
        arguments: [
            (TerminalExit.Reason.quit, 0), (.profile("x"), 0), (.signal(2), 130), (.signal(15), 143),
            (.terminalLost, 129), (.outputFailed(28), 74),
        ] as [(TerminalExit.Reason, Int32)])
    func exitCodes(reason: TerminalExit.Reason, code: Int32) {
        #expect(TerminalExit(reason: reason).code == code)
    }

    @Test func theLastWordsCountWhatIsLeft() {
        #expect(TerminalExit(reason: .quit).message(in: .english) == nil)
        #expect(
            TerminalExit(reason: .quit, unsent: 1).message(in: .english)
                == "1 message stays queued and will be sent at the next start.")
        #expect(
            TerminalExit(reason: .quit, unsent: 2, waiting: 1).message(in: .english)
                == "2 messages stay queued and will be sent at the next start. 1 message waits for your decision."
        )
        #expect(
            TerminalExit(reason: .quit, waiting: 2).message(in: .spanish)
                == "2 mensajes esperan tu decisión.")
        #expect(
            TerminalExit(reason: .quit, unsent: 1).message(in: .spanish)
                == "1 mensaje queda en cola y se enviará cuando vuelvas a abrir mychat.")
    }
}
