import ChatWire
import TestSupport
import Testing

@testable import ChatTUI

struct KeyDecoderTests {
    private static let start = MonotonicInstant(nanoseconds: 0)

    private func decode(_ bytes: String) -> [InputEvent] {
        let decoder = Box(KeyDecoder())
        let events = decoder.receive(Array(bytes.utf8), now: Self.start)
        return events + decoder.expire(now: Self.start + .seconds(10))
    }

    private func key(_ name: String) -> InputEvent? { Key(named: name).map(InputEvent.key) }

    @Test(arguments: [
        ("a", "a"), ("Ç", "Ç"), ("世", "世"), ("\r", "enter"), ("\n", "ctrl-j"), ("\t", "tab"),
        ("\u{7F}", "backspace"),
        ("\u{8}", "backspace"), ("\u{1}", "ctrl-a"), ("\u{1F}", "ctrl-_"), ("\0", "ctrl-space"),
        ("\u{1B}", "escape"),
        ("\u{1B}a", "alt-a"), ("\u{1B}A", "alt-A"), ("\u{1B}é", "alt-é"), ("\u{1B}\r", "alt-enter"),
        ("\u{1B}\u{7F}", "alt-backspace"),
        ("\u{1B}<", "alt-<"), ("\u{1B}[A", "up"), ("\u{1B}OA", "up"), ("\u{1B}[1;5A", "ctrl-up"),
        ("\u{1B}[1;3D", "alt-left"),
        ("\u{1B}[1;2B", "shift-down"), ("\u{1B}[H", "home"), ("\u{1B}[1~", "home"), ("\u{1B}[7~", "home"),
        ("\u{1B}OF", "end"),
        ("\u{1B}[8~", "end"), ("\u{1B}[5~", "pageup"), ("\u{1B}[6~", "pagedown"), ("\u{1B}[3~", "delete"),
        ("\u{1B}[3;5~", "ctrl-delete"), ("\u{1B}[Z", "shift-tab"), ("\u{1B}OP", "f1"), ("\u{1B}[11~", "f1"),
        ("\u{1B}[[A", "f1"),
        ("\u{1B}[24~", "f12"), ("\u{1B}[13;3u", "alt-enter"), ("\u{1B}[27;3;13~", "alt-enter"),
        ("\u{1B}[97;5u", "ctrl-a"),
        ("\u{1B}[27;2;65~", "A"), ("\u{1B}\u{1B}[A", "alt-up"), ("\u{1B}[a", "shift-up"),
        ("\u{1B}[5^", "ctrl-pageup"),
        ("\u{1B}OM", "enter"), ("\u{1B}[", "alt-["), ("\u{1B}O", "alt-O"), ("\u{1B}]", "alt-]"),
    ])
    func keys(_ bytes: String, name: String) {
        #expect(decode(bytes) == [key(name)].compactMap { $0 })
        #expect(Key(named: name) != nil)
    }

    @Test func focusAndBackground() {
        #expect(decode("\u{1B}[I\u{1B}[O") == [.focus(true), .focus(false)])
        #expect(
            decode("\u{1B}]11;rgb:ffff/8080/0000\u{7}x")
                == [.background(red: 0xFFFF, green: 0x8080, blue: 0), .key(.character("x"))])
        #expect(
            decode("\u{1B}]11;rgb:ff/80/00\u{1B}\\") == [.background(red: 0xFFFF, green: 0x8080, blue: 0)])
    }

    @Test(arguments: [
        "\u{1B}[?62;22c", "\u{1B}[>41;370;0c", "\u{1B}[200;1;1R", "\u{1B}]52;c;eHh4\u{7}",
        "\u{1B}P1$r0m\u{1B}\\", "\u{1B}[<35;5;5M",
        "\u{1B}[99999999999999999999~", "\u{1B}]11;rgb:zz\u{7}",
    ])
    func whatIsUnknownIsLeftOutWhole(_ bytes: String) {
        #expect(decode(bytes + "x") == [.key(.character("x"))])
    }

    @Test func invalidUTF8IsLeftOut() {
        let decoder = Box(KeyDecoder())
        let bytes: [UInt8] = [
            0xFF, 0x61, 0xC3, 0x28, 0xE2, 0x82, 0x62, 0xC2, 0x9B, 0x63, 0xED, 0xA0, 0x80, 0x64,
        ]
        let events = decoder.receive(bytes, now: Self.start)
        let typed = events.compactMap { event -> Character? in
            guard case .key(let key) = event, case .character(let character) = key.code else { return nil }
            return character
        }
        #expect(String(typed) == "a(bcd")
    }

    /// Found by fuzzing: ESC before a sequence became Alt or a key of its own, depending on where a read ended.
    @Test(arguments: [
        "\u{1B}\u{1B}[A", "\u{1B}\u{1B}\u{1B}[A", "\u{1B}\u{1B}OA", "\u{1B}\u{1B}\u{1B}\u{1B}",
        "\u{1B}\u{1B}a",
        "\u{1B}\u{1B}[1;5Cx",
    ])
    func runsOfEscapeMayBeCutAnywhere(_ bytes: String) {
        let decoder = Box(KeyDecoder())
        let cut = bytes.utf8.flatMap { decoder.receive([$0], now: Self.start) }
        let whole = Box(KeyDecoder())
        #expect(cut == whole.receive(Array(bytes.utf8), now: Self.start))
        #expect(decoder.deadline == whole.deadline)
    }

    @Test func aLongRunOfEscapeIsAsManyKeys() {
        let events = decode(String(repeating: "\u{1B}", count: 100_000) + "[A")
        #expect(events.count == 99_999)
        #expect(events.first == .key(Key(.escape)))
        #expect(events.last == .key(Key(.up, .alt)))
    }

    @Test func pasteIsOneEventWithPlainLineBreaks() {
        #expect(
            decode("\u{1B}[200~um\r\ndois\rtrês\tq\u{1B}[31m\u{7}uatro\u{1B}[201~x")
                == [.paste("um\ndois\ntrês\tq[31muatro"), .key(.character("x"))])
    }

    @Test func aPasteThatNeverEndsIsHandedOutWhenItStandsStill() {
        let decoder = Box(KeyDecoder())
        #expect(decoder.receive(Array("\u{1B}[200~texto\u{1B}[20".utf8), now: Self.start) == [])
        #expect(decoder.deadline == Self.start + KeyDecoder.pasteSilence)
        #expect(decoder.expire(now: Self.start + .milliseconds(500)) == [])
        #expect(decoder.expire(now: Self.start + .seconds(2)) == [.paste("texto[20")])
        #expect(decoder.deadline == nil)
        #expect(decoder.receive(Array("a".utf8), now: Self.start) == [.key(.character("a"))])
    }

    @Test func aHugePasteIsCut() {
        let decoder = Box(KeyDecoder())
        _ = decoder.receive(Array("\u{1B}[200~".utf8), now: Self.start)
        _ = decoder.receive([UInt8](repeating: 0x61, count: KeyDecoder.pasteBytesMax + 5000), now: Self.start)
        let events = decoder.receive(Array("\u{1B}[201~".utf8), now: Self.start)
        #expect(events == [.paste(String(repeating: "a", count: KeyDecoder.pasteBytesMax))])
    }

    @Test func escapeWaitsForWhatMayFollow() {
        let decoder = Box(KeyDecoder())
        #expect(decoder.receive([0x1B], now: Self.start) == [])
        #expect(decoder.deadline == Self.start + KeyDecoder.escapeDelay)
        #expect(decoder.receive(Array("[A".utf8), now: Self.start) == [.key(Key(.up))])
        #expect(decoder.deadline == nil)
    }

    @Test func wholeByteByByteAndGlued() {
        let pieces = [
            "olá 世界", "\u{1B}[1;5A", "\u{1B}OP", "\u{1B}[200~colado\naqui\u{1B}[201~", "\u{1B}[I", "\u{1B}x",
            "\u{1B}[A", "😀", "\u{1B}[?1;2c",
        ]
        let whole = pieces.joined()
        let expected = decode(whole)
        let decoder = Box(KeyDecoder())
        var single: [InputEvent] = []
        for byte in whole.utf8 { single += decoder.receive([byte], now: Self.start) }
        #expect(single == expected)
        #expect(expected.count == pieces.count - 1 + 5)
    }

    // MARK: Slow lines and other keyboards

    @Test(arguments: [
        (["ESCDELAY": "25"], 25), (["ESCDELAY": "500"], 500), (["ESCDELAY": "0"], 0), (["ESCDELAY": "x"], 40),
        (["ESCDELAY": "-5"], 40), ([:], 40), (["SSH_CONNECTION": "a 1 b 2"], 100),
        (["SSH_TTY": "/dev/pts/1"], 100),
        (["SSH_TTY": ""], 40), (["SSH_TTY": "/dev/pts/1", "ESCDELAY": "300"], 300),
    ])
    func theEscapeDelayIsThePersons(_ environment: [String: String], milliseconds: Int) {
        let decoder = Box(KeyDecoder(environment: environment))
        _ = decoder.receive([0x1B], now: Self.start)
        #expect(decoder.deadline == Self.start + .milliseconds(milliseconds))
    }

    @Test(arguments: [
        ("[A", "up"), ("[1;5C", "ctrl-right"), ("OA", "up"), ("Od", "ctrl-left"), ("[3~", "delete"),
        ("Op", "0"),
    ])
    func aSequenceCutBehindItsEscapeIsPutTogether(_ rest: String, name: String) {
        let decoder = Box(KeyDecoder())
        _ = decoder.receive([0x1B], now: Self.start)
        #expect(decoder.expire(now: Self.start + .milliseconds(60)) == [.key(Key(.escape))])
        #expect(
            decoder.receive(Array(rest.utf8), now: Self.start + .milliseconds(390))
                == [key(name)].compactMap(\.self))
        // Later it is what it says.
        _ = decoder.receive([0x1B], now: Self.start)
        _ = decoder.expire(now: Self.start + .milliseconds(60))
        let late = decoder.receive(Array(rest.utf8), now: Self.start + .milliseconds(401))
        #expect(late.count == rest.count)
    }

    @Test func aBracketSoonAfterAnEscapeIsABracket() {
        let decoder = Box(KeyDecoder())
        _ = decoder.receive([0x1B], now: Self.start)
        _ = decoder.expire(now: Self.start + .milliseconds(60))
        #expect(decoder.receive(Array("[".utf8), now: Self.start + .milliseconds(200)) == [])
        #expect(decoder.expire(now: Self.start + .milliseconds(700)) == [.key(.character("["))])
        #expect(decoder.receive(Array("O".utf8), now: Self.start) == [.key(.character("O"))])
    }

    @Test func aPasteWhoseBeginningWasCutIsAPaste() {
        let decoder = Box(KeyDecoder())
        _ = decoder.receive([0x1B], now: Self.start)
        _ = decoder.expire(now: Self.start + .milliseconds(60))
        #expect(
            decoder.receive(Array("[200~/quit\r\u{1B}[201~".utf8), now: Self.start + .milliseconds(100))
                == [.paste("/quit\n")])
    }

    @Test(arguments: [
        "first line\rsecond line\rthird line\r", "two\rlines", "\rbehind", "a\r\r", "um\r\ndois\r\n",
    ])
    func anEnterWithMoreBehindItIsABreakOfAPaste(_ text: String) {
        let expected = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        #expect(decode(text) == [.paste(expected)])
        // Also where a read ends in the middle, and where a key follows at once.
        let decoder = Box(KeyDecoder())
        #expect(decoder.receive(Array(text.utf8), now: Self.start) == [])
        #expect(decoder.receive(Array("more\r".utf8), now: Self.start + .milliseconds(20)) == [])
        #expect(
            decoder.receive(Array("\u{1B}[A".utf8), now: Self.start + .milliseconds(30))
                == [.paste(expected + "more\n"), .key(Key(.up))])
    }

    @Test func enterAloneIsEnterHoweverOften() {
        #expect(decode("\r\r") == [.key(Key(.enter)), .key(Key(.enter))])
        #expect(decode("oi\r").last == .key(Key(.enter)))
        #expect(decode("\r\u{1B}[I") == [.key(Key(.enter)), .focus(true)])
    }

    @Test func theApplicationKeypadGivesItsSigns() {
        let signs = Array("*+,-./0123456789")
        for (offset, sign) in signs.enumerated() {
            let byte = Character(Unicode.Scalar(UInt8(ascii: "j") + UInt8(offset)))
            #expect(decode("\u{1B}O\(byte)") == [.key(.character(sign))])
        }
        #expect(decode("\u{1B}OX") == [.key(.character("="))])
        #expect(decode("\u{1B}OM") == [.key(Key(.enter))])
        for (offset, sign) in "0123456789./*-+".enumerated() {
            #expect(decode("\u{1B}[\(57399 + offset)u") == [.key(.character(sign))])
        }
        #expect(decode("\u{1B}[57414u\u{1B}[57415u") == [.key(Key(.enter)), .key(.character("="))])
        #expect(decode("\u{1B}[57417;5u") == [.key(Key(.left, .control))])
    }

    @Test(arguments: [
        "97;1:3u", "97;5:3u", "13;1:3u", "27;1:3u", "1;1:3A", "1;5:3D", "3;1:3~", "5;2:3~", "1;1:3P",
        "97:65;2:3u",
        "97;1:3;97u", "57414;1:3u", "9;1:3u", "1;1:3H",
    ])
    func aKeyThatIsLetGoIsNone(_ body: String) {
        #expect(decode("\u{1B}[\(body)x") == [.key(.character("x"))])
        let pressed = body.replacing(":3", with: ":1"), repeated = body.replacing(":3", with: ":2")
        #expect(decode("\u{1B}[\(pressed)").count == 1 && decode("\u{1B}[\(repeated)").count == 1)
    }

    @Test(arguments: [("a", "ctrl-up"), ("b", "ctrl-down"), ("c", "ctrl-right"), ("d", "ctrl-left")])
    func rxvtsArrowsWithControl(_ letter: String, name: String) {
        #expect(decode("\u{1B}O\(letter)") == [key(name)].compactMap(\.self))
    }

    /// Random bytes neither trap nor get stuck, and what follows is understood again.
    @Test func randomBytes() {
        for seed in UInt64(0)..<400 {
            var generator = SeededGenerator(seed: seed)
            let alphabet: [UInt8] = [
                0x1B, 0x5B, 0x4F, 0x5D, 0x3B, 0x31, 0x32, 0x30, 0x7E, 0x75, 0x3A, 0xC3, 0xE2, 0xF0, 0x9F,
                0x07, 0x61,
            ]
            let decoder = Box(KeyDecoder())
            var now = Self.start
            for _ in 0..<20 {
                let bytes = (0..<Int.random(in: 0...9, using: &generator)).map { _ in
                    Bool.random(using: &generator)
                        ? alphabet.randomElement(using: &generator) ?? 0
                        : UInt8.random(in: 0...255, using: &generator)
                }
                _ = decoder.receive(bytes, now: now)
            }
            for _ in 0..<400 where decoder.deadline != nil {
                now = now + .seconds(10)
                _ = decoder.expire(now: now)
            }
            #expect(decoder.deadline == nil, "seed \(seed)")
            #expect(decoder.receive(Array("z".utf8), now: now) == [.key(.character("z"))], "seed \(seed)")
        }
    }
}
