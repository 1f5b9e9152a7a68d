import ChatCrypto
import Foundation
import Testing

@testable import ChatTUI

/// What is written beside the screen: no text of others may end a command or begin one.
struct TerminalMessageTests {
    private func text(_ message: TerminalMessage) throws -> String {
        String(decoding: try #require(message.bytes), as: UTF8.self)
    }

    @Test func eachCommandIsWrittenAsItsTerminalWantsIt() throws {
        #expect(try text(.title("Bia")) == "\u{1B}]2;Bia\u{1B}\\")
        #expect(try text(.bell) == "\u{7}")
        #expect(try text(.clipboard("olá", by: .terminal)) == "\u{1B}]52;c;b2zDoQ==\u{1B}\\")
        #expect(
            try text(.notification(.osc9, title: "Bia", body: "oi")) == "\u{1B}]9;MyChat: Bia: oi\u{1B}\\")
        #expect(
            try text(.notification(.osc9, title: "4;1;50", body: "oi"))
                == "\u{1B}]9;MyChat: 4;1;50: oi\u{1B}\\")
        #expect(
            try text(.notification(.osc777, title: "a;b", body: "c;d")) == "\u{1B}]777;notify;a,b;c;d\u{1B}\\"
        )
        #expect(
            try text(.notification(.osc99, title: "Bia", body: "oi"))
                == "\u{1B}]99;i=mychat:d=0:e=1:p=title;Qmlh\u{1B}\\"
                + "\u{1B}]99;i=mychat:d=1:e=1:p=body;b2k=\u{1B}\\")
    }

    @Test(arguments: ["\u{1B}\\\u{1B}]52;c;AAAA\u{7}", "a\u{9C}b\u{9D}c", "x\ny\r\u{0}z", "\u{202E}abc"])
    func nothingInATextEndsTheCommand(nasty: String) throws {
        let messages: [TerminalMessage] = [
            .title(nasty), .clipboard(nasty, by: .terminal), .notification(.osc9, title: nasty, body: nasty),
            .notification(.osc777, title: nasty, body: nasty),
        ]
        for message in messages {
            let scalars = Array(try text(message).unicodeScalars)
            let body = scalars.dropFirst(2).dropLast(2)
            #expect(scalars.prefix(2) == ["\u{1B}", "]"])
            #expect(scalars.suffix(2) == ["\u{1B}", "\\"])
            #expect(body.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0 ~= $0.value) && $0 != "\u{202E}" })
        }
    }

    @Test func aClipboardGetsTheWholeTextOrNone() throws {
        let most = String(repeating: "a", count: TerminalMessage.clipboardBytesMax)
        let written = try text(.clipboard(most, by: .terminal))
        #expect(try Base64.decode(String(written.dropFirst(7).dropLast(2))) == Array(most.utf8))
        #expect(TerminalMessage.clipboard(most + "a", by: .terminal).bytes == nil)
    }

    @Test func multiplexersPassACopyOn() throws {
        #expect(
            try text(.clipboard("olá", by: .tmux))
                == "\u{1B}]52;c;b2zDoQ==\u{1B}\\\u{1B}Ptmux;\u{1B}\u{1B}]52;c;b2zDoQ==\u{7}\u{1B}\\")
        #expect(try text(.clipboard("olá", by: .screen)) == "\u{1B}P\u{1B}]52;c;b2zDoQ==\u{7}\u{1B}\\")
        // screen drops strings of more than 256 bytes.
        let long = String(repeating: "olá ", count: 500)
        let pieces = try text(.clipboard(long, by: .screen)).components(separatedBy: "\u{1B}\\")
        #expect(pieces.allSatisfy { $0.utf8.count <= 250 && ($0.isEmpty || $0.hasPrefix("\u{1B}P")) })
        let together = pieces.map { $0.dropFirst(2) }.joined()
        #expect(together == "\u{1B}]52;c;" + Base64.encode(Array(long.utf8)) + "\u{7}")
    }

    @Test(arguments: [
        (["TERM": "xterm-256color"], ClipboardRoute.terminal),
        (["TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"], .tmux),
        // tmux as many configure it; without TMUX it is GNU screen, or a shell on another machine.
        (["TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"], .tmux),
        (["TERM": "tmux-256color"], .tmux), (["TERM": "screen", "STY": "1.pts-0.here"], .screen),
        (["TERM": "screen.xterm-256color"], .screen),
        (["TERM": "xterm-256color", "STY": "1.pts-0.here"], .screen),
        // A window that was opened from within tmux.
        (["TERM": "xterm-256color", "TMUX": "/tmp/tmux-0/default,1,0"], .terminal), ([:], .terminal),
    ])
    func theWayToTheClipboardIsThatOfTheEnvironment(environment: [String: String], route: ClipboardRoute) {
        #expect(ClipboardRoute(environment: environment) == route)
    }

    @Test func aLongTitleIsCut() throws {
        #expect(try text(.title(String(repeating: "界", count: 500))).count < 80)
    }
}
