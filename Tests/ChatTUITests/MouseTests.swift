import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

struct MouseTests {
    private static let now = MonotonicInstant(nanoseconds: 0)

    private func decode(_ text: String, pieces: Int = .max) -> [InputEvent] {
        var decoder = KeyDecoder()
        var events: [InputEvent] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            events += decoder.receive(rest.prefix(pieces), now: Self.now)
            rest = rest.dropFirst(pieces)
        }
        return events
    }

    @Test(arguments: [1, 2, Int.max])
    func reportsAreReadHoweverTheyAreCut(pieces: Int) {
        let text = "\u{1B}[<0;5;3M\u{1B}[<0;5;3m\u{1B}[<64;1;1M\u{1B}[<65;120;40M\u{1B}[<2;1;1Mx"
        #expect(
            decode(text, pieces: pieces) == [
                .mouse(MouseEvent(.press(.left), column: 4, row: 2)),
                .mouse(MouseEvent(.release, column: 4, row: 2)),
                .mouse(MouseEvent(.wheelUp, column: 0, row: 0)),
                .mouse(MouseEvent(.wheelDown, column: 119, row: 39)),
                .mouse(MouseEvent(.press(.right), column: 0, row: 0)), .key(.character("x")),
            ])
    }

    /// Moves, further buttons, places that no terminal has, and the oldest reports: nothing of them is typed.
    @Test(arguments: [
        "\u{1B}[<32;5;3M", "\u{1B}[<0;0;3M", "\u{1B}[<0;5M", "\u{1B}[<0;5;3;9M", "\u{1B}[<999;5;3M",
        "\u{1B}[<0;99999999999999999999;3M", "\u{1B}[<;;M", "\u{1B}[<128;1;1M", "\u{1B}[M !!", "\u{1B}[<M",
        "\u{1B}[<66;1;1M",
    ])
    func nothingOddArrives(text: String) {
        #expect(decode(text + "x") == [.key(.character("x"))])
        #expect(decode(text + "x", pieces: 1) == [.key(.character("x"))])
    }

    private func click(_ state: inout AppState, _ column: Int, _ row: Int) -> [Effect] {
        state.update(.input(.mouse(MouseEvent(.press(.left), column: column, row: row))))
    }

    @Test func aClickOpensTheConversationUnderIt() {
        var state = Fixtures.chat(80, 24)
        let list = state.layout.list
        let effects = click(&state, 4, list.row + 2)
        #expect(state.open?.peer == Fixtures.caio)
        #expect(effects.contains(.open(Fixtures.caio)))
        // Below the last conversation there is nothing to open.
        _ = click(&state, 4, list.endRow - 1)
        #expect(state.open?.peer == Fixtures.caio)
    }

    @Test func aClickPlacesTheCursor() {
        var state = Fixtures.chat(80, 24)
        state.press("\"olá 界 mundo")
        let text = ComposerView.textArea(state.layout.composer)
        _ = click(&state, text.column + 3, text.row)
        #expect(state.open?.editor.before == "olá")
        // On the second half of a wide character: before it.
        _ = click(&state, text.column + 5, text.row)
        #expect(state.open?.editor.before == "olá ")
        _ = click(&state, text.endColumn - 1, text.row)
        #expect(state.open?.editor.after == "")
    }

    @Test func theWheelScrollsWhatIsUnderIt() {
        var state = Fixtures.chat(80, 12)
        let pane = state.layout.timeline
        _ = state.update(.input(.mouse(MouseEvent(.wheelUp, column: pane.column + 2, row: pane.row + 1))))
        #expect(state.open?.scroll != .end)
        _ = state.update(.input(.mouse(MouseEvent(.wheelDown, column: pane.column + 2, row: pane.row + 1))))
        #expect(state.open?.scroll == .end)

        // Over the list: it moves, what is open stays, and a key brings the open one back into view.
        _ = state.update(.resized(Size(columns: 80, rows: 10)))
        let list = state.layout.list
        for _ in 0..<9 { _ = state.update(.input(.mouse(MouseEvent(.wheelDown, column: 1, row: list.row)))) }
        #expect(ConversationList.view(state.chat.panes, state.context, in: list).first == 1)
        #expect(state.open?.peer == Fixtures.bia)
        state.press("escape")
        #expect(ConversationList.view(state.chat.panes, state.context, in: list).first == 0)
    }

    @Test func theWheelMovesThroughDialogs() {
        var state = Fixtures.chat(80, 24)
        state.press("ctrl-k")
        _ = state.update(.input(.mouse(MouseEvent(.wheelDown, column: 40, row: 12))))
        guard case .switcher(let switcher) = state.dialog else { return #expect(Bool(false)) }
        #expect(switcher.selection == 1)
        // A click beside closes it, and does nothing to what lies under it.
        #expect(click(&state, 4, state.layout.list.row + 2).isEmpty)
        #expect(state.dialog == nil && state.open?.peer == Fixtures.bia)
    }

    /// Clicks on the first place of the screen where a text stands.
    private func click(_ state: inout AppState, on text: String) throws -> [Effect] {
        let row = try #require(state.lines.firstIndex { $0.contains(text) }, "\(text) is not on the screen")
        let before = state.lines[row].firstRange(of: text).map { state.lines[row][..<$0.lowerBound] } ?? ""
        return click(&state, TextWidth.of(String(before)), row)
    }

    @Test func aClickTakesALineOfADialog() throws {
        var state = Fixtures.chat(80, 24)
        state.press("ctrl-k")
        #expect(try click(&state, on: "Emma Clarke-Featherstonehaugh").contains(.open(Fixtures.emma)))
        #expect(state.dialog == nil)
    }

    @Test func aClickAnswersAQuestion() throws {
        var state = Fixtures.chat(80, 24)
        state.press("alt-m", "home", "d")
        #expect(click(&state, 1, 1).isEmpty && state.dialog != nil)
        #expect(try click(&state, on: "keep it").isEmpty)
        #expect(state.dialog == nil)
        state.press("d")
        #expect(try click(&state, on: "delete for both") == [.delete(RowID(1))])
    }

    /// A question that comes up by itself is not answered by a click that was on its way to something else.
    @Test func aClickOnlyChoosesWhereItDecidesAboutMessages() throws {
        var state = Fixtures.chat(80, 24)
        _ = state.update(.change(.outbox(OutboxSummary(held: 3))))
        _ = state.update(.change(.notice(.held(count: 3))))
        state.wait(.seconds(3))
        #expect(try click(&state, on: "drop all").isEmpty)
        #expect(state.dialog != nil)
        #expect(try click(&state, on: "drop all") == [.discardHeld])
        state.press("alt-o")
        _ = state.update(.outboxLoaded(OutboxViewTests.entries))
        #expect(try click(&state, on: "de anteontem").isEmpty)
        guard case .outbox(let panel) = state.dialog else { return #expect(Bool(false)) }
        #expect(panel.selection == 2)
    }

    @Test func aClickTakesACompletionAndAHint() throws {
        var state = Fixtures.chat(80, 24)
        state.press("\"/")
        _ = try click(&state, on: "/search")
        #expect(state.open?.editor.text == "/search ")
        _ = try click(&state, on: "F1 help")
        #expect(state.dialog == .help(scroll: 0))
    }

    @Test func aClickChoosesAFieldOfTheFirstScreen() throws {
        var state = Fixtures.state(80, 24)
        _ = state.update(.started(account: nil, link: .signedOut, outbox: OutboxSummary()))
        _ = try click(&state, on: "Password")
        state.press("\"x")
        guard case .signIn(let form) = state.stage else { return #expect(Bool(false)) }
        #expect(form.password.text == "x" && form.email.isEmpty)
        _ = try click(&state, on: "create an account")
        #expect(state.text.contains("Create an account"))
        #expect(click(&state, 0, 0).isEmpty)
    }
}
