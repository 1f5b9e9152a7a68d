import ChatCrypto
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
        #expect(try text(.clipboard("olá")) == "\u{1B}]52;c;b2zDoQ==\u{1B}\\")
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
            .title(nasty), .clipboard(nasty), .notification(.osc9, title: nasty, body: nasty),
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
        let written = try text(.clipboard(most))
        #expect(try Base64.decode(String(written.dropFirst(7).dropLast(2))) == Array(most.utf8))
        #expect(TerminalMessage.clipboard(most + "a").bytes == nil)
    }

    @Test func aLongTitleIsCut() throws {
        #expect(try text(.title(String(repeating: "界", count: 500))).count < 80)
    }
}
