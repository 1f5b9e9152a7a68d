import ChatWire
import Testing

@Suite struct JSONParsingTests {
    /// Values with only one spelling: parsing and writing are inverse.
    @Test(
        arguments: [
            ("null", .null),
            ("true", true),
            ("false", false),
            ("0", 0),
            ("-1", -1),
            ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)),
            ("0.5", 0.5),
            ("-1.25", -1.25),
            ("1e+20", 1e20),
            ("5e-324", .double(.leastNonzeroMagnitude)),
            (#""""#, ""),
            (#""plain""#, "plain"),
            (#""Olá 😀 <b>&\"""#, "Olá 😀 <b>&\""),
            (#""\\ / \b\f\n\r\t\u0000\u001f""#, "\\ / \u{8}\u{C}\n\r\t\u{0}\u{1F}"),
            ("[]", []),
            ("[1,[2,[]],{}]", [1, [2, []], [:]]),
            ("{}", [:]),
            (#"{"a":1,"b":[true,null],"":"x"}"#, ["a": 1, "b": [true, nil], "": "x"]),
        ] as [(String, JSONValue)])
    func `parses and writes`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
        #expect(String(decoding: value.serialized(), as: UTF8.self) == text)
    }

    /// Values with more than one spelling.
    @Test(
        arguments: [
            (" \t\r\n1 \t\r\n", 1),
            ("[ 1 , 2 ]", [1, 2]),
            (#" { "a" : 1 , "b" : [ ] } "#, ["a": 1, "b": []]),
            ("-0", 0),
            ("1E2", 100.0),
            ("1e-2", 0.01),
            ("0e0", 0.0),
            ("9223372036854775808", 9_223_372_036_854_775_808.0),
            ("-9223372036854775809", -9_223_372_036_854_775_809.0),
            ("100000000000000000000000000000000", 1e32),
            ("1e-400", 0.0),
            (#""\/\u0041\u00e9\u20AC""#, "/Aé€"),
            (#""\ud83d\ude00 \uD83D\uDE00""#, "😀 😀"),
            (#""\ud800\udc00\udbff\udfff""#, "\u{10000}\u{10FFFF}"),
            (#"{"\u0061":1}"#, ["a": 1]),
            (#"{"b":2,"a":1}"#, ["a": 1, "b": 2]),
            (#"{"a":1,"a":2}"#, ["a": 2]),
        ] as [(String, JSONValue)])
    func `parses`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd(offset: 0)),
            ("  ", .unexpectedEnd(offset: 2)),
            ("nul", .unexpectedEnd(offset: 3)),
            ("nulL", .unexpectedByte(0x4C, offset: 3)),
            ("True", .unexpectedByte(0x54, offset: 0)),
            ("1 2", .trailingBytes(offset: 2)),
            ("[]]", .trailingBytes(offset: 2)),
            ("01", .unexpectedByte(0x31, offset: 1)),
            ("-01", .unexpectedByte(0x31, offset: 2)),
            ("-", .unexpectedEnd(offset: 1)),
            ("-a", .unexpectedByte(0x61, offset: 1)),
            ("+1", .unexpectedByte(0x2B, offset: 0)),
            (".5", .unexpectedByte(0x2E, offset: 0)),
            ("1.", .unexpectedEnd(offset: 2)),
            ("1.e5", .unexpectedByte(0x65, offset: 2)),
            ("1e", .unexpectedEnd(offset: 2)),
            ("1e+", .unexpectedEnd(offset: 3)),
            ("1e999", .numberOutOfRange(offset: 0)),
            ("[1e999]", .numberOutOfRange(offset: 1)),
            ("NaN", .unexpectedByte(0x4E, offset: 0)),
            ("[1,]", .unexpectedByte(0x5D, offset: 3)),
            ("[,1]", .unexpectedByte(0x2C, offset: 1)),
            ("[1 2]", .unexpectedByte(0x32, offset: 3)),
            ("[1", .unexpectedEnd(offset: 2)),
            ("[", .unexpectedEnd(offset: 1)),
            ("[}", .unexpectedByte(0x7D, offset: 1)),
            ("{]", .unexpectedByte(0x5D, offset: 1)),
            ("{,}", .unexpectedByte(0x2C, offset: 1)),
            (#"{"a":1,}"#, .unexpectedByte(0x7D, offset: 7)),
            (#"{"a" 1}"#, .unexpectedByte(0x31, offset: 5)),
            (#"{"a":}"#, .unexpectedByte(0x7D, offset: 5)),
            (#"{"a"}"#, .unexpectedByte(0x7D, offset: 4)),
            ("{1:2}", .unexpectedByte(0x31, offset: 1)),
            (#"{"a":1"#, .unexpectedEnd(offset: 6)),
            (#""abc"#, .unexpectedEnd(offset: 4)),
            (#""abcdefghijklmno"#, .unexpectedEnd(offset: 16)),
            ("\"a\nb\"", .unexpectedByte(0x0A, offset: 2)),
            ("\"abcdefgh\u{1F}\"", .unexpectedByte(0x1F, offset: 9)),
            (#""\x""#, .invalidEscape(offset: 1)),
            (#""\"#, .unexpectedEnd(offset: 2)),
            (#""\u12"#, .unexpectedEnd(offset: 5)),
            (#""\u12g4""#, .invalidEscape(offset: 1)),
            (#""\ud83d""#, .invalidEscape(offset: 1)),
            (#""\ud83dxxxxxx""#, .invalidEscape(offset: 1)),
            (#""\ud83d\n12345""#, .invalidEscape(offset: 1)),
            (#""\ud83d\ud83d""#, .invalidEscape(offset: 1)),
            (#""\ude00\ud83d""#, .invalidEscape(offset: 1)),
            ("\u{FEFF}1", .unexpectedByte(0xEF, offset: 0)),
            ("'a'", .unexpectedByte(0x27, offset: 0)),
            ("1//", .trailingBytes(offset: 1)),
        ] as [(String, JSONError)])
    func `refuses`(text: String, error: JSONError) {
        #expect(throws: error) { try JSONValue(parsing: text) }
        #expect(throws: error) { try JSONValue(parsing: ArraySlice([0x5B] + text.utf8).dropFirst()) }
    }

    /// Invalid UTF-8 sequences (RFC 3629): overlong, surrogates, beyond U+10FFFF, cut off.
    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xFE], [0xFF], [0xE2, 0x82, 0x41], [0xF0, 0x9F, 0x98, 0x41],
        ] as [[UInt8]])
    func `refuses what is not UTF-8`(sequence: [UInt8]) {
        for text in [[0x61], Array("abcdefgh".utf8), Array("é€😀".utf8)] as [[UInt8]] {
            let string = [0x22] + text + sequence + [0x22]
            let error = JSONError.invalidUTF8(offset: 1 + text.count)
            #expect(throws: error) { try JSONValue(parsing: string) }
            let key: [UInt8] = [0x7B] + string + [0x3A, 0x31, 0x7D]
            #expect(throws: JSONError.invalidUTF8(offset: 2 + text.count)) { try JSONValue(parsing: key) }
        }
    }

    @Test func `the borders of UTF-8 are in`() throws {
        let text = "\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}"
        #expect(try JSONValue(parsing: "\"\(text)\"") == .string(text))
    }

    /// A special byte at every place of strings around the width that the scanner reads at once.
    @Test func `finds the end of every run`() throws {
        for length in 0...35 {
            let plain = String(repeating: "x", count: length)
            #expect(try JSONValue(parsing: "\"\(plain)\"") == .string(plain))
            for place in 0...length {
                let (head, tail) = (plain.prefix(place), plain.suffix(length - place))
                #expect(try JSONValue(parsing: "\"\(head)\\n\(tail)\"") == .string("\(head)\n\(tail)"))
                #expect(try JSONValue(parsing: "\"\(head)é\(tail)\"") == .string("\(head)é\(tail)"))
                #expect(
                    try JSONValue(parsing: "[\"\(head)\",\"\(tail)\"]") == [
                        .string("\(head)"), .string("\(tail)"),
                    ])
                #expect(throws: JSONError.unexpectedByte(1, offset: place + 1)) {
                    try JSONValue(parsing: "\"\(head)\u{1}\(tail)\"")
                }
            }
        }
    }

    // MARK: - Limits

    @Test func `stops at the depth limit`() throws {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            func nested(_ depth: Int) -> String {
                String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
            }
            _ = try JSONValue(parsing: nested(64))
            #expect(throws: JSONError.tooDeep(limit: 64, offset: 64 * open.utf8.count)) {
                try JSONValue(parsing: nested(65))
            }
            #expect(throws: JSONError.tooDeep(limit: 2, offset: 2 * open.utf8.count)) {
                try JSONValue(parsing: nested(3), limits: JSONLimits(depthMax: 2))
            }
        }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test func `stops at the length limit before it reads`() throws {
        let limits = JSONLimits(bytesMax: 4)
        #expect(try JSONValue(parsing: "1234", limits: limits) == 1234)
        #expect(throws: JSONError.tooLong(length: 5, limit: 4)) {
            try JSONValue(parsing: "12345", limits: limits)
        }
    }

    @Test func `stops at the limit of values`() throws {
        let limits = JSONLimits(valuesMax: 3)
        #expect(try JSONValue(parsing: "[1,2]", limits: limits) == [1, 2])
        #expect(throws: JSONError.tooManyValues(limit: 3, offset: 5)) {
            try JSONValue(parsing: "[1,2,3]", limits: limits)
        }
        #expect(throws: JSONError.tooManyValues(limit: 2, offset: 4)) {
            try JSONValue(parsing: "[[],[],[]]", limits: JSONLimits(valuesMax: 2))
        }
    }
}
