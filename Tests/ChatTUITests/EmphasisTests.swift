import ChatClientCore
import ChatWire
import TestSupport
import Testing

@testable import ChatTUI

/// What a writer emphasised, and what was searched for.
struct EmphasisTests {
    /// The pieces of a text that have an emphasis besides their signs.
    private func pieces(_ text: String, _ emphasis: Emphasis, width: Int = 80) -> [String] {
        RichText.lines(text, width: width).joined().filter { $0.emphasis == emphasis }.map(\.text)
    }

    @Test(arguments: [
        ("um *dois* três", ["dois"]), ("*um*", ["um"]), ("(*um dois*), fim", ["um dois"]),
        ("**um** dois", ["um"]),
        ("*a* e *b*", ["a", "b"]), ("*não\nfecha*", []), ("2*3*4", []), ("a * b * c", []), ("*", []),
        ("**", []),
        ("* item\n* item", []), ("*aberto", []), ("* um*", []), ("*um *", []), ("***um***", []),
        ("*um*dois", []),
        ("https://a.b/*x* e *y*", ["y"]), ("`*um*`", []), ("*ação 😀*", ["ação 😀"]),
    ])
    func boldStandsAroundWords(text: String, expected: [String]) {
        #expect(pieces(text, .bold) == expected)
    }

    @Test(arguments: [
        ("_um_ dois", ["um"]), ("nome_de_arquivo", []), ("_nome_de_arquivo_", ["nome_de_arquivo"]),
        ("__init__", []), ("https://a.b/c_d_e _x_", ["x"]),
    ])
    func italicToo(text: String, expected: [String]) {
        #expect(pieces(text, .italic) == expected)
    }

    @Test(arguments: [
        ("use `make test` aqui", ["make test"]), ("``a ` b``", ["a ` b"]), ("`um", []), ("``", []),
        ("```swift\nlet a = 1\n  b()\n```\nfim", ["let a = 1", "  b()"]), ("```\naberto", []),
        ("```curto``` e fim", ["curto"]),
    ])
    func codeIsLeftAsItIs(text: String, expected: [String]) {
        #expect(pieces(text, .code) == expected)
    }

    @Test func boldAndItalicTogether() {
        let spans = RichText.lines("*_um_ dois*", width: 80).joined()
        #expect(spans.first { $0.text == "um" }?.emphasis == [.bold, .italic])
        #expect(spans.first { $0.text == " dois" }?.emphasis == .bold)
    }

    /// Nothing of the text goes, whatever stands in it and wherever it is broken.
    @Test(arguments: 0..<200)
    func theTextStaysWhole(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let signs = ["*", "_", "`", "**", "```", "a", " ", "\n", "é", "😀", "https://a.b/_c_", "."]
        let text = (0..<60).map { _ in signs.randomElement(using: &generator) ?? "" }.joined()
        let width = Int.random(in: 1...30, using: &generator)
        let plain = TextWrap.lines(Sanitizer.text(text), width: width)
        #expect(RichText.lines(text, width: width).map { $0.map(\.text).joined() } == plain, "seed \(seed)")
    }

    @Test func emphasisIsDrawnAndItsSignsStay() throws {
        var state = Fixtures.chat(100, 24)
        let row = Fixtures.row(50, from: Fixtures.bia, "um *dois* _três_ `quatro`", at: Fixtures.at(14, 4))
        _ = state.update(.timelineLoaded(Fixtures.timeline([row], unread: 0), draft: nil))
        let screen = AppView.render(state)
        let line = try #require(state.lines.firstIndex { $0.contains("um *dois* _três_ `quatro`") })
        func style(of letter: String) -> Style? { screen.row(line).last { $0.text == letter }?.style }
        #expect(style(of: "d")?.attributes == .bold)
        #expect(style(of: "ê")?.attributes == .italic)
        #expect(style(of: "q")?.background == state.context.theme.panelSelection)
        #expect(style(of: "`") == state.context.theme.faint)
    }

    // MARK: What was searched for

    @Test func matchesStandOutWhileOneGoesFromHitToHit() throws {
        var state = Fixtures.chat(100, 24)
        state.press("ctrl-s", "\"SERVIDOR")
        let question = SearchQuestion(text: "SERVIDOR", peer: Fixtures.bia)
        let hit = SearchHit(
            peer: Fixtures.bia, peerName: "Bia Souza", row: Fixtures.rows[2], excerpt: "", matches: [])
        for text in ["S", "SERVIDOR"] {
            _ = state.update(
                .searched(
                    SearchQuestion(text: text, peer: Fixtures.bia), SearchPage(hits: [hit]), isMore: false))
        }
        state.press("enter")
        #expect(state.chat.panes.trail?.results.question == question)
        func matched() -> String {
            AppView.render(state).cells.filter { $0.style.attributes == [.bold, .underline] }.map(\.text)
                .joined()
        }
        #expect(matched() == "servidor")
        // Back in the composer the messages are as they were.
        state.press("escape")
        #expect(state.open?.chosen == nil && matched() == "")
    }

    @Test func aMatchAcrossALineBreakIsShownOnBothLines() {
        let highlight = SearchHighlight("\"muito bom\" novo")
        let spans = RichText.lines("servidor novo 😀\ne ficou muito bom", width: 17, highlight: highlight)
            .joined()
        #expect(spans.filter { $0.emphasis == .match }.map(\.text) == ["novo", "muito", "bom"])
        #expect(SearchHighlight("  ") == nil)
        #expect(SearchHighlight("palavra ausente")?.ranges(in: "só palavra") == [])
    }
}
