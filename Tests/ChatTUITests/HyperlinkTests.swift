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

    @Test(arguments: [
        ("https://example.org/wiki/Mercury_(planet)", ["https://example.org/wiki/Mercury_(planet)"]),
        ("[site](https://example.org/md)", ["https://example.org/md"]),
        ("veja:https://example.org/colon", ["https://example.org/colon"]),
        ("https://example.org/full。", ["https://example.org/full"]),
        ("https://a.example/x,https://b.example/y", ["https://a.example/x", "https://b.example/y"]),
        ("(https://en.example/wiki/A_(b)_(c)), e", ["https://en.example/wiki/A_(b)_(c)"]),
        ("(veja https://en.example/A_(b))", ["https://en.example/A_(b)"]),
        (
            "[a](https://a.example/1),[b](https://b.example/2)",
            ["https://a.example/1", "https://b.example/2"]
        ),
        ("(https://a.example/x)depois", ["https://a.example/x"]),
        ("https://a.example/[1]{2}", ["https://a.example/[1]{2}"]),
        ("https://a.example/x]", ["https://a.example/x"]), ("https://a.example/x(", ["https://a.example/x"]),
        ("https://a.example/x).", ["https://a.example/x"]),
        ("xhttps://a.example 7http://b.example éhttps://c.example", ["https://c.example"]),
        ("世界https://a.example/世界、次", ["https://a.example/世界"]),
        ("「https://a.example/x」と", ["https://a.example/x"]),
        ("https://a.example/x…", ["https://a.example/x"]),
        ("https://a.example/x...", ["https://a.example/x"]),
        ("https://a.example/x！", ["https://a.example/x"]),
        ("https://a.example/（x）", ["https://a.example/"]), ("<https://a.example/x>", ["https://a.example/x"]),
        ("\"https://a.example/x\"", ["https://a.example/x"]),
        ("`https://a.example/x`", ["https://a.example/x"]),
        ("'https://a.example/it's'", ["https://a.example/it's"]),
        ("*https://a.example/x*", ["https://a.example/x"]),
        ("https://a.example/*", ["https://a.example/*"]), ("HTTPS://A.example/X?", ["HTTPS://A.example/X"]),
        ("https://web.example/2020/https://a.example/x", ["https://web.example/2020/https://a.example/x"]),
        ("https://a.example/?u=https://b.example/y&z=1", ["https://a.example/?u=https://b.example/y&z=1"]),
        (
            "https://a.example/x;https://b.example|http://c.example",
            [
                "https://a.example/x", "https://b.example", "http://c.example",
            ]
        ),
        ("https://[::1]:8080/x", ["https://[::1]:8080/x"]), ("https://. http://) https://", []),
        ("https://a.example/々〇", ["https://a.example/々〇"]),
        (
            "https://a.example/x\nhttps://b.example",
            [
                "https://a.example/x", "https://b.example",
            ]
        ),
    ])
    func whereALinkBeginsAndEnds(_ text: String, links: [String]) {
        #expect(RichText.links(in: text) == links)
        // The picture marks the same, and the terminal is told the same.
        var marked: [Hyperlink] = []
        for span in RichText.lines(text, width: 200).joined() {
            if case .link(let link?) = span.mark, marked.last != link { marked.append(link) }
        }
        #expect(marked == links.compactMap { Hyperlink($0) })
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
