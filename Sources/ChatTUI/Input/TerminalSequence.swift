/// What the bytes of a terminal begin with: a character, a control, or an escape sequence as xterm, rxvt, the Linux
/// console and the kitty keyboard protocol send them.
enum TerminalSequence: Hashable, Sendable {
    case event(InputEvent, length: Int)
    case pasteBegins(length: Int)
    /// A sequence that means nothing here.
    case skip(length: Int)
    /// More bytes are needed.
    case incomplete

    /// Reads what the bytes begin with.
    static func decode(_ bytes: ArraySlice<UInt8>) -> TerminalSequence {
        guard let first = bytes.first else { return .incomplete }
        if first == 0x1B { return decodeEscape(bytes) }
        if first < 0x20 || first == 0x7F { return .event(.key(control(first)), length: 1) }
        return decodeCharacter(bytes, modifiers: [], prefix: 0)
    }

    private static func decodeEscape(_ bytes: ArraySlice<UInt8>) -> TerminalSequence {
        let rest = bytes.dropFirst()
        guard let second = rest.first else { return .incomplete }
        switch second {
        case UInt8(ascii: "["): return decodeCSI(bytes)
        case UInt8(ascii: "O"): return decodeSS3(bytes)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
            return decodeString(bytes)
        case 0x1B:
            // Some terminals put ESC before a whole sequence for Alt. An ESC before another ESC is the key:
            // otherwise a run of ESCs would be one sequence of any depth.
            guard let third = rest.dropFirst().first else { return .incomplete }
            guard third != 0x1B else { return .event(.key(Key(.escape)), length: 1) }
            switch decodeEscape(rest) {
            case .event(.key(var key), let length):
                key.modifiers.insert(.alt)
                return .event(.key(key), length: length + 1)
            case .incomplete: return .incomplete
            default: return .event(.key(Key(.escape)), length: 1)
            }
        case 0..<0x20, 0x7F:
            var key = control(second)
            key.modifiers.insert(.alt)
            return .event(.key(key), length: 2)
        default:
            return decodeCharacter(rest, modifiers: .alt, prefix: 1)
        }
    }

    private static func decodeCharacter(
        _ bytes: ArraySlice<UInt8>, modifiers: Key.Modifiers, prefix: Int
    ) -> TerminalSequence {
        guard let first = bytes.first else { return .incomplete }
        let length: Int
        switch first {
        case 0..<0x80: length = 1
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return .skip(length: prefix + 1)
        }
        let candidate = bytes.prefix(length)
        guard candidate.dropFirst().allSatisfy({ 0x80..<0xC0 ~= $0 }) else {
            return .skip(length: prefix + 1)
        }
        guard candidate.count == length else { return .incomplete }
        guard let character = String(validating: candidate, as: UTF8.self)?.first,
            !character.unicodeScalars.contains(where: { 0x80..<0xA0 ~= $0.value })
        else { return .skip(length: prefix + length) }
        return .event(.key(.character(character, modifiers)), length: prefix + length)
    }

    private static func control(_ byte: UInt8) -> Key {
        switch byte {
        case 0x0D: return Key(.enter)
        case 0x09: return Key(.tab)
        case 0x7F, 0x08: return Key(.backspace)
        case 0x00: return .character(" ", .control)
        case 0x1B: return Key(.escape)
        case 0x01...0x1A: return .character(Character(Unicode.Scalar(byte + 0x60)), .control)
        default: return .character(Character(Unicode.Scalar(byte + 0x40)), .control)
        }
    }

    static func decodeSS3(_ bytes: ArraySlice<UInt8>) -> TerminalSequence {
        let rest = bytes.dropFirst(2)
        guard let final = rest.first else { return .incomplete }
        if let code = finalCodes[final] { return .event(.key(Key(code)), length: 3) }
        if let key = keypadKeys[final] { return .event(.key(key), length: 3) }
        // rxvt's arrows with Ctrl.
        if UInt8(ascii: "a")...UInt8(ascii: "d") ~= final, let code = finalCodes[final - 0x20] {
            return .event(.key(Key(code, .control)), length: 3)
        }
        return .skip(length: 3)
    }

    /// The keypad in application mode, by the signs on its keys (VT100 and later).
    private static let keypadKeys: [UInt8: Key] = {
        var keys: [UInt8: Key] = [
            UInt8(ascii: "M"): Key(.enter), UInt8(ascii: "I"): Key(.tab),
            UInt8(ascii: "X"): .character("="), UInt8(ascii: " "): .character(" "),
        ]
        // j to o are * + , - . / and p to y the digits: as in ASCII, 0x40 below.
        for byte in UInt8(ascii: "j")...UInt8(ascii: "y") {
            keys[byte] = .character(Character(Unicode.Scalar(byte - 0x40)))
        }
        return keys
    }()

    /// Operating system commands and other strings, up to BEL or ESC \.
    private static func decodeString(_ bytes: ArraySlice<UInt8>) -> TerminalSequence {
        var previous: UInt8 = 0
        for (offset, byte) in bytes.enumerated().dropFirst(2) {
            if byte == 0x07 || (previous == 0x1B && byte == UInt8(ascii: "\\")) {
                let body = bytes.dropFirst(2).prefix(offset - 2)
                if let event = background(String(decoding: body, as: UTF8.self)) {
                    return .event(event, length: offset + 1)
                }
                return .skip(length: offset + 1)
            }
            previous = byte
        }
        return .incomplete
    }

    /// `11;rgb:RRRR/GGGG/BBBB` with one to four digits a channel.
    private static func background(_ body: String) -> InputEvent? {
        guard body.hasPrefix("11;rgb:") else { return nil }
        let text = body.dropFirst(7).prefix { $0.isHexDigit || $0 == "/" }
        let channels = text.split(separator: "/").compactMap { channel -> UInt16? in
            guard 1...4 ~= channel.count, let value = UInt32(channel, radix: 16) else { return nil }
            let most: UInt32 = (1 << (4 * UInt32(channel.count))) - 1
            return UInt16(value * 0xFFFF / most)
        }
        guard channels.count == 3 else { return nil }
        return .background(red: channels[0], green: channels[1], blue: channels[2])
    }

    private static func decodeCSI(_ bytes: ArraySlice<UInt8>) -> TerminalSequence {
        let body = bytes.dropFirst(2)
        // The Linux console sends F1 to F5 as ESC [ [ A to E.
        if body.first == UInt8(ascii: "[") {
            guard let letter = body.dropFirst().first else { return .incomplete }
            guard 0x41...0x45 ~= letter else { return .skip(length: 4) }
            return .event(.key(Key(.function(Int(letter) - 0x40))), length: 4)
        }
        guard let finalIndex = body.firstIndex(where: { !(0x20..<0x40 ~= $0) }) else { return .incomplete }
        let length = finalIndex - bytes.startIndex + 1
        let final = body[finalIndex]
        // A control inside a sequence ends it; the control itself is then read.
        guard 0x40..<0x7F ~= final || final == UInt8(ascii: "$") else { return .skip(length: length - 1) }
        if body.first == UInt8(ascii: "<"), final == UInt8(ascii: "M") || final == UInt8(ascii: "m") {
            let numbers = parameters(body[..<finalIndex].dropFirst())
            let event = MouseEvent(parameters: numbers, isRelease: final == UInt8(ascii: "m"))
            return event.map { .event(.mouse($0), length: length) } ?? .skip(length: length)
        }
        // The oldest kind of mouse report has three bytes after its final byte.
        if final == UInt8(ascii: "M"), finalIndex == body.startIndex {
            return bytes.count >= length + 3 ? .skip(length: length + 3) : .incomplete
        }
        // Answers to questions about the terminal, which begin with < = > or ?.
        if let mark = body.first, 0x3C...0x3F ~= mark { return .skip(length: length) }
        let parameters = parameters(body[..<finalIndex])
        // The release of a key is ignored. Terminals report it only when they are asked to, perhaps by an earlier program.
        if isRelease(body[..<finalIndex]) { return .skip(length: length) }
        if final == UInt8(ascii: "~"), parameters.first == 200 { return .pasteBegins(length: length) }
        if parameters.isEmpty, final == UInt8(ascii: "I") { return .event(.focus(true), length: length) }
        if parameters.isEmpty, final == UInt8(ascii: "O") { return .event(.focus(false), length: length) }
        guard let key = key(final: final, parameters: parameters) else { return .skip(length: length) }
        return .event(.key(key), length: length)
    }

    /// Numbers between semicolons; sub-parameters after a colon are ignored.
    private static func parameters(_ bytes: ArraySlice<UInt8>) -> [Int] {
        guard !bytes.isEmpty else { return [] }
        return bytes.split(separator: UInt8(ascii: ";"), maxSplits: 8, omittingEmptySubsequences: false).map {
            Int(String(decoding: $0.prefix { $0 != UInt8(ascii: ":") }.prefix(7), as: UTF8.self)) ?? 0
        }
    }

    /// True when the second parameter has the event type 3: `97;1:3`.
    private static func isRelease(_ bytes: ArraySlice<UInt8>) -> Bool {
        let second = bytes.split(separator: UInt8(ascii: ";"), maxSplits: 2, omittingEmptySubsequences: false)
            .dropFirst().first
        let parts = second?.split(
            separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
        return parts?.dropFirst().first.map { $0.elementsEqual([UInt8(ascii: "3")]) } ?? false
    }

    private static func key(final: UInt8, parameters: [Int]) -> Key? {
        let modifiers = parameters.count > 1 ? modifiers(parameters[1]) : []
        switch final {
        case UInt8(ascii: "Z"):
            return Key(.tab, modifiers.union(.shift))
        case UInt8(ascii: "u"):
            return parameters.first.flatMap { key(codePoint: $0, modifiers) }
        case UInt8(ascii: "~") where parameters.first == 27 && parameters.count > 2:
            return key(codePoint: parameters[2], modifiers)
        case UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: "$"), UInt8(ascii: "@"):
            guard let code = parameters.first.flatMap({ numberedCodes[$0] }) else { return nil }
            // rxvt marks Ctrl with ^, Shift with $, both with @.
            let extra: [UInt8: Key.Modifiers] = [
                UInt8(ascii: "^"): .control, UInt8(ascii: "$"): .shift,
                UInt8(ascii: "@"): [.control, .shift],
            ]
            return Key(code, modifiers.union(extra[final] ?? []))
        case UInt8(ascii: "a")...UInt8(ascii: "d"):
            guard let code = finalCodes[final - 0x20] else { return nil }
            return Key(code, .shift)
        default:
            // Keys have 1 here; a cursor position report has a row.
            guard (parameters.first ?? 1) <= 1 else { return nil }
            return finalCodes[final].map { Key($0, modifiers) }
        }
    }

    private static func modifiers(_ parameter: Int) -> Key.Modifiers {
        guard 1...256 ~= parameter else { return [] }
        let bits = parameter - 1
        var modifiers: Key.Modifiers = []
        if bits & 1 != 0 { modifiers.insert(.shift) }
        // Meta (8) is what some keyboards call Alt.
        if bits & 2 != 0 || bits & 8 != 0 { modifiers.insert(.alt) }
        if bits & 4 != 0 { modifiers.insert(.control) }
        return modifiers
    }

    /// A key reported by its code point, as in the kitty keyboard protocol.
    private static func key(codePoint: Int, _ modifiers: Key.Modifiers) -> Key? {
        switch codePoint {
        case 13, 57414: return Key(.enter, modifiers)
        case 9: return Key(.tab, modifiers)
        case 127, 8: return Key(.backspace, modifiers)
        case 27: return Key(.escape, modifiers)
        case 57399...57408: return .character(Character(Unicode.Scalar(UInt8(codePoint - 57399 + 0x30))))
        case 57409...57416:
            let signs: [Character?] = [".", "/", "*", "-", "+", nil, "=", ","]
            return signs[codePoint - 57409].map { .character($0) }
        case 57417...57426: return Key(keypadCodes[codePoint - 57417], modifiers)
        case 57344...63743: return nil
        default:
            guard codePoint >= 0x20, let scalar = UInt32(exactly: codePoint).flatMap(Unicode.Scalar.init),
                !(0x7F..<0xA0 ~= scalar.value)
            else { return nil }
            let character = Character(scalar)
            guard modifiers.contains(.shift), !modifiers.contains(.control),
                let upper = character.uppercased().first
            else { return .character(character, modifiers.subtracting(.shift)) }
            return .character(upper, modifiers.subtracting(.shift))
        }
    }

    /// The keypad's other keys, in the order of their code points.
    private static let keypadCodes: [Key.Code] = [
        .left, .right, .up, .down, .pageUp, .pageDown, .home, .end, .insert, .delete,
    ]

    private static let finalCodes: [UInt8: Key.Code] = [
        UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
        UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
        UInt8(ascii: "P"): .function(1), UInt8(ascii: "Q"): .function(2),
        UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4),
    ]

    private static let numberedCodes: [Int: Key.Code] = [
        1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
        11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5),
        17: .function(6), 18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10),
        23: .function(11), 24: .function(12),
    ]
}
