import ChatClientCore
import ChatWire
import Foundation
import Testing

@testable import ChatTUI

/// Searching as one types, and going from hit to hit.
struct SearchTests {
    static func hit(_ id: Int64, _ peer: UserID, _ text: String, _ word: String) -> SearchHit {
        let start = text.range(of: word).map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) }
        return SearchHit(
            peer: peer, peerName: peer == Fixtures.bia ? "Bia Souza" : "Caio Rocha",
            row: Fixtures.row(id, from: peer, text, at: Fixtures.at(10, 0, daysAgo: 3)), excerpt: text,
            matches: start.map { [$0..<$0 + word.utf8.count] } ?? [])
    }

    static let hits = [
        hit(6, Fixtures.bia, "o servidor voltou", "servidor"),
        hit(3, Fixtures.bia, "Vi o servidor novo 😀", "servidor"),
        hit(700, Fixtures.caio, "qual servidor?", "servidor"),
    ]

    private func panel(_ state: AppState) -> SearchPanel? {
        if case .search(let panel) = state.dialog { panel } else { nil }
    }

    @Test func everyKeyAsksAndOneQuestionIsOutAtATime() {
        var state = Fixtures.chat()
        #expect(state.press("ctrl-s").isEmpty)
        let first = SearchQuestion(text: "s", peer: Fixtures.bia)
        #expect(state.press("\"s") == [.search(first, after: nil)])
        #expect(state.press("\"er").isEmpty)
        let latest = SearchQuestion(text: "ser", peer: Fixtures.bia)
        #expect(
            state.update(.searched(first, SearchPage(hits: Self.hits), isMore: false))
                == [.search(latest, after: nil)])
        #expect(state.update(.searched(latest, SearchPage(hits: Self.hits), isMore: false)).isEmpty)
        #expect(panel(state)?.results.hits.count == 3)
        #expect(state.text.contains("o servidor voltou") && state.text.contains("3 hits"))
    }

    @Test func anEmptyQueryFindsNothing() {
        var state = Fixtures.chat()
        state.press("alt-/", "\"a")
        #expect(state.press("backspace").isEmpty)
        #expect(panel(state)?.results.hits.isEmpty == true)
    }

    @Test func tabChangesBetweenTheConversationAndAll() {
        var state = Fixtures.chat()
        state.press("\"/search servidor", "enter")
        #expect(panel(state)?.peer == Fixtures.bia && panel(state)?.query.text == "servidor")
        let question = SearchQuestion(text: "servidor", peer: Fixtures.bia)
        _ = state.update(.searched(question, SearchPage(hits: []), isMore: false))
        #expect(state.text.contains("no message has these words"))
        #expect(state.press("tab") == [.search(SearchQuestion(text: "servidor", peer: nil), after: nil)])
        #expect(state.text.contains("Search all conversations"))
    }

    @Test func enterGoesToAMessageThatIsLoaded() {
        var state = found()
        #expect(state.press("down", "enter").isEmpty)
        #expect(state.dialog == nil && state.open?.chosen?.row == RowID(3))
        #expect(state.notice?.text.hasPrefix("hit 2 of 3") == true)
    }

    @Test func enterGoesToAnotherConversationAndLoadsWhatIsAround() {
        var state = found()
        let effects = state.press("down", "down", "enter")
        #expect(effects.contains(.open(Fixtures.caio)))
        // The newest page comes first, since the conversation was opened, and is not what was asked for.
        let newest = (900...980).map {
            Fixtures.row($0, from: Fixtures.caio, "n\($0)", at: Fixtures.at(9, 0))
        }
        let again = state.update(
            .timelineLoaded(Timeline(peer: Fixtures.caio, rows: newest, hasOlder: true), draft: ""))
        #expect(
            again == [.loadWindow(Fixtures.caio, .around(RowID(700)), limit: TimelinePane.windowRows)])
        let around = (500...900).map {
            Fixtures.row($0, from: Fixtures.caio, "n\($0)", at: Fixtures.at(9, 0))
        }
        _ = state.update(
            .windowLoaded(
                Fixtures.caio, Timeline(peer: Fixtures.caio, rows: around, hasOlder: true, hasNewer: true)))
        #expect(state.open?.chosen?.row == RowID(700))
        #expect(state.text.contains("n700") && state.text.contains("newer messages"))
        // End is the way back to now.
        #expect(
            state.press("ctrl-end").contains(
                .loadTimeline(Fixtures.caio, limit: TimelinePane.pageRows, withDraft: false)))
    }

    @Test func nAndNGoFromHitToHit() {
        var state = found()
        state.press("enter", "n")
        #expect(state.open?.chosen?.row == RowID(3))
        state.press("N")
        #expect(state.open?.chosen?.row == RowID(6))
        state.press("N")
        #expect(state.notice?.text == "No newer hit.")
    }

    @Test func nAtTheLastHitAsksForMore() {
        let cursor = SearchCursor(below: TimelinePosition(sent: MessageID(5)))
        var state = Fixtures.chat()
        state.press("alt-/", "\"a")
        let question = SearchQuestion(text: "a", peer: nil)
        // The panel wants more by itself while the screen has room for it.
        #expect(
            state.update(
                .searched(question, SearchPage(hits: Array(Self.hits[..<2]), next: cursor), isMore: false))
                == [.search(question, after: cursor)])
        state.press("down", "enter")
        #expect(state.press("n") == [.search(question, after: cursor)])
        let more = SearchPage(hits: [Self.hit(4, Fixtures.bia, "o servidor", "servidor")])
        _ = state.update(.searched(question, more, isMore: true))
        #expect(state.open?.chosen?.row == RowID(4))
        #expect(state.press("n").isEmpty && state.notice?.text == "No older hit.")
    }

    @Test func failuresAreSaid() {
        var state = Fixtures.chat()
        state.press("alt-/", "\"abc")
        _ = state.update(.searchFailed(.notSignedIn))
        #expect(state.text.contains("Nobody is signed in."))
    }

    private static let question = SearchQuestion(text: "servidor", peer: nil)

    private func found(next: SearchCursor? = nil) -> AppState {
        var state = Fixtures.chat()
        state.press("alt-/", "\"servidor")
        _ = state.update(
            .searched(SearchQuestion(text: "s", peer: nil), SearchPage(hits: []), isMore: false))
        _ = state.update(.searched(Self.question, SearchPage(hits: Self.hits, next: next), isMore: false))
        return state
    }
}
