import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// The views of messages, of searching and of what was not sent, in every size and both languages.
struct GoldenViewTests {
    @Test func chosenMessage() throws {
        try Golden.checkEverySize("chosen") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("alt-m", "up")
            return state
        }
    }

    @Test func chosenFailedMessage() throws {
        try Golden.checkEverySize("chosen-failed") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("alt-m")
            return state
        }
    }

    @Test func changingAnUnsentMessage() throws {
        try Golden.checkEverySize("editing") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("alt-m", "e")
            return state
        }
    }

    @Test func details() throws {
        try Golden.checkEverySize("details") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("alt-m", "i")
            return state
        }
    }

    @Test func deleting() throws {
        try Golden.checkEverySize("delete") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("alt-m", "home", "d")
            return state
        }
    }

    @Test func openingALink() throws {
        try Golden.checkEverySize("link") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("alt-m", "up", "o")
            return state
        }
    }

    @Test func search() throws {
        try Golden.checkEverySize("search") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("alt-/", "\"servidor")
            _ = state.update(
                .searched(SearchQuestion(text: "s", peer: nil), SearchPage(hits: []), isMore: false))
            _ = state.update(
                .searched(
                    SearchQuestion(text: "servidor", peer: nil), SearchPage(hits: SearchTests.hits),
                    isMore: false))
            state.press("down")
            return state
        }
    }

    @Test func aHitInItsSurroundings() throws {
        try Golden.checkEverySize("hit") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            let rows = (1...400).map {
                Fixtures.row(
                    $0, from: $0 % 4 == 0 ? Fixtures.me : Fixtures.bia, "mensagem número \($0)",
                    at: Fixtures.at(9, Int($0 % 60), daysAgo: Int(6 - $0 / 80)))
            }
            _ = state.update(.located(Fixtures.bia, RowID(203)))
            _ = state.update(
                .windowLoaded(
                    Fixtures.bia, Timeline(peer: Fixtures.bia, rows: rows, hasOlder: true, hasNewer: true)))
            return state
        }
    }

    @Test func outbox() throws {
        try Golden.checkEverySize("outbox") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            let next = state.instant + .seconds(12)
            _ = state.update(.change(.link(.offline(reason: .silence, nextTry: next))))
            state.press("alt-o")
            _ = state.update(.outboxLoaded(OutboxViewTests.entries))
            return state
        }
    }

    @Test func heldMessages() throws {
        try Golden.checkEverySize("held") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            _ = state.update(.change(.outbox(OutboxSummary(held: 3))))
            _ = state.update(.change(.notice(.held(count: 3))))
            state.wait(.seconds(3))
            return state
        }
    }

    @Test func commands() throws {
        try Golden.checkEverySize("commands") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("\"/", "down")
            return state
        }
    }

    @Test func emoji() throws {
        try Golden.checkEverySize("emoji") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            state.press("\"boa :" + (language == .english ? "sun" : "sor"))
            return state
        }
    }

    @Test func longPaste() throws {
        try Golden.checkEverySize("paste") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            _ = state.update(.input(.paste((1...14).map { "linha \($0)" }.joined(separator: "\n"))))
            return state
        }
    }

    @Test func gap() throws {
        try Golden.checkEverySize("gap") { columns, rows, language in
            var state = Fixtures.chat(columns, rows, language)
            var messages = Fixtures.rows
            messages[4] = Fixtures.row(
                5, from: Fixtures.me, "mando o link já", at: Fixtures.at(14, 2), .sent, isGapAbove: true)
            _ = state.update(
                .timelineLoaded(Fixtures.timeline(Array(messages[..<6]), unread: 0), draft: nil))
            return state
        }
    }
}
