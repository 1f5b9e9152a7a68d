import ChatClientCore
import ChatWire
import TestSupport
import Testing

@testable import ChatTUI

struct ASCIITests {
    @Test func clustersKeepTheirColumns() {
        var generator = SeededGenerator(seed: 20_261_122)
        for character in Sanitizer.line(generator.text(clusters: 4000)) {
            let width = TextWidth.of(character)
            let cells = ASCIIText.cells(character, width: width)
            #expect(cells.count == width, "\(character.unicodeScalars.map(\.value)), seed 20261122")
            #expect(cells.allSatisfy { $0.isASCII && ($0.asciiValue ?? 0) >= 0x20 })
        }
    }

    @Test func lettersAndSignsKeepTheirSense() {
        #expect(String("São João".flatMap { ASCIIText.cells($0, width: 1) }) == "Sao Joao")
        #expect(String(ASCIIText.cells("e\u{301}", width: 1)) == "e")
        #expect(String(ASCIIText.cells("👍🏽", width: 2)) == "+1")
        #expect(String(ASCIIText.cells("界", width: 2)) == "??")
        #expect(ASCIIText.folded("digitando… “já”") == "digitando... \"ja\"")
    }

    /// Every view, in both languages: not one byte beyond ASCII is drawn.
    @Test(arguments: Language.allCases)
    func nothingElseIsDrawn(language: Language) {
        var state = Fixtures.chat(100, 40, language, colours: .none, ascii: true)
        for keys in [
            ["tab"], ["tab", "f1"], ["escape", "ctrl-k"], ["escape", "ctrl-n"], ["escape", "pageup"],
        ] {
            for key in keys { state.press(key) }
            #expect(state.text.utf8.allSatisfy { $0 < 0x80 }, "\(state.text)")
        }
        #expect(state.text.contains("Ola! Tudo bem?"))
    }
}
