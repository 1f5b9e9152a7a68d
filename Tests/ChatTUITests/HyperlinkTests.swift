import Foundation
import Testing

@testable import ChatTUI

struct HyperlinkTests {
    @Test func whatIsNotASCIIIsEncoded() throws {
        let link = try #require(Hyperlink("https://exemplo.com/café?q=\u{1B}\\ x\u{9C}"))
        #expect(link.address == "https://exemplo.com/caf%C3%A9?q=%1B\\%20x%C2%9C")
        #expect(Hyperlink("https://" + String(repeating: "a", count: 3000)) == nil)
    }

    /// A link over two lines is one link: its pieces share an id, and text between them is none.
    @Test func aWrappedLinkStaysOne() throws {
        var screen = Screen(size: Size(columns: 40, rows: 4))
        let spans = RichText.lines("veja https://exemplo.com/relatorio/2026/novembro aqui", width: 30)
        for (row, line) in spans.enumerated() {
            var column = 0
            for span in line {
                guard case .link(let link) = span.mark else {
                    column += screen.write(span.text, column: column, row: row)
                    continue
                }
                column += screen.write(span.text, column: column, row: row, link: link)
            }
        }
        var capabilities = TerminalCapabilities.xterm
        capabilities.hasHyperlinks = true
        var encoder = FrameEncoder(capabilities: capabilities)
        let output = String(decoding: encoder.encode(screen), as: UTF8.self)
        let opening = try #require(
            Hyperlink("https://exemplo.com/relatorio/2026/novembro").map {
                String(decoding: $0.opening, as: UTF8.self)
            })
        #expect(output.components(separatedBy: opening).count == 3)
        #expect(output.components(separatedBy: "\u{1B}]8;;\u{1B}\\").count == 3)
        // Nothing is left open at the end of a frame.
        #expect(
            output.range(of: opening, options: .backwards)!.lowerBound
                < output.range(of: "\u{1B}]8;;", options: .backwards)!.lowerBound)
        // Where links are unknown nothing of them is written.
        var plain = FrameEncoder(capabilities: .xterm)
        #expect(!String(decoding: plain.encode(screen), as: UTF8.self).contains("]8;"))
    }

    @Test func aLinkAloneIsAChange() {
        var capabilities = TerminalCapabilities.xterm
        capabilities.hasHyperlinks = true
        var encoder = FrameEncoder(capabilities: capabilities)
        var screen = Screen(size: Size(columns: 10, rows: 1))
        screen.write("aqui", column: 0, row: 0, link: Hyperlink("https://a.example"))
        _ = encoder.encode(screen)
        screen.write("aqui", column: 0, row: 0, link: Hyperlink("https://b.example"))
        #expect(String(decoding: encoder.encode(screen), as: UTF8.self).contains("https://b.example"))
    }
}
