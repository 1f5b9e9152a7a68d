import ChatClientCore
import ChatWire
import Testing

@testable import ChatCommand

@Suite("What mychat watch tells of")
struct WatchLedgerTests {
    private let peer = UserID(2)

    private func received(_ id: Int64) -> TimelineRow {
        TimelineRow(
            id: RowID(id), position: TimelinePosition(sent: MessageID(id)), messageID: MessageID(id),
            tempID: nil, senderID: peer, isMine: false, content: "m\(id)",
            time: Timestamp(microseconds: id), state: .received)
    }

    private func mine(_ row: Int64, _ state: RowState, id: Int64? = nil) -> TimelineRow {
        TimelineRow(
            id: RowID(row),
            position: id.map { TimelinePosition(sent: MessageID($0)) } ?? TimelinePosition(unsent: row),
            messageID: id.map { MessageID($0) }, tempID: TempID("t\(row)"), senderID: UserID(1),
            isMine: true, content: "mine", time: Timestamp(microseconds: row), state: state)
    }

    @Test("What was there at the beginning is no news, what comes later is, once")
    func newMessages() {
        var ledger = WatchLedger()
        ledger.begin(with: peer, rows: [received(1), received(2)])
        #expect(ledger.news(of: peer, in: [received(1), received(2)]) == [])
        #expect(ledger.news(of: peer, in: [received(2), received(3)]) == [.message(received(3))])
        #expect(ledger.news(of: peer, in: [received(2), received(3)]) == [])
    }

    @Test("A conversation that did not exist at the beginning is all news")
    func newConversation() {
        var ledger = WatchLedger()
        #expect(
            ledger.news(of: peer, in: [received(1), received(2)])
                == [.message(received(1)), .message(received(2))])
    }

    @Test("An own message is told when it is entered, and then its states")
    func ownMessage() {
        var ledger = WatchLedger()
        ledger.begin(with: peer, rows: [received(5)])
        #expect(
            ledger.news(of: peer, in: [received(5), mine(7, .queued)]) == [.message(mine(7, .queued))])
        #expect(
            ledger.news(of: peer, in: [received(5), mine(7, .sent, id: 6)])
                == [.state(mine(7, .sent, id: 6))])
        #expect(
            ledger.news(of: peer, in: [received(5), mine(7, .read, id: 6)])
                == [.state(mine(7, .read, id: 6))])
    }

    @Test("What goes is told; what only left the page is not")
    func deletions() {
        var ledger = WatchLedger()
        ledger.begin(with: peer, rows: [received(1), received(2), received(3)])
        #expect(ledger.news(of: peer, in: [received(2), received(3)]) == [])
        #expect(ledger.news(of: peer, in: [received(1), received(3)]) == [.deleted(received(2))])
        // Taken back before it was sent.
        _ = ledger.news(of: peer, in: [received(3), mine(9, .queued)])
        #expect(ledger.news(of: peer, in: [received(3)]) == [.deleted(mine(9, .queued))])
        // All of it.
        #expect(
            ledger.news(of: peer, in: []) == [.deleted(received(1)), .deleted(received(3))])
    }

    @Test("History that is fetched meanwhile is no news")
    func olderMessages() {
        var ledger = WatchLedger()
        ledger.begin(with: peer, rows: [received(10)])
        #expect(ledger.news(of: peer, in: [received(4), received(10)]) == [])
        #expect(ledger.reaches(back: received(10), of: peer))
        #expect(!ledger.reaches(back: received(11), of: peer))
        #expect(!ledger.reaches(back: received(1), of: UserID(3)))
    }

    @Test("What is remembered has a bound: of older messages nothing more is told")
    func bound() {
        var ledger = WatchLedger()
        let all = (1...300).map { received(Int64($0)) }
        ledger.begin(with: peer, rows: all)
        let gone = all.filter { $0.id.rawValue % 100 != 50 }
        // 50 is no longer remembered; 150 and 250 are.
        #expect(ledger.news(of: peer, in: gone) == [.deleted(received(150)), .deleted(received(250))])
    }
}
