/// The character classes and small rules of HTTP's grammar (RFC 9110 section 5.6).
enum HTTPSyntax {
    static let lineEnd: [UInt8] = [0x0D, 0x0A]
    static let colonSpace: [UInt8] = [0x3A, 0x20]

    /// Whether these bytes are a `token`: not empty, and only token characters.
    static func isToken(_ bytes: some Sequence<UInt8>) -> Bool {
        var isEmpty = true
        for byte in bytes {
            guard isTokenCharacter(byte) else { return false }
            isEmpty = false
        }
        return !isEmpty
    }

    static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }

    /// Whether these bytes are a valid field value: no control character except the tab.
    static func isFieldValue(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
    }

    /// Whether these bytes are a valid request target or authority: visible ASCII, not empty.
    static func isVisibleASCII(_ bytes: some Sequence<UInt8>) -> Bool {
        var isEmpty = true
        for byte in bytes {
            guard byte > 0x20, byte < 0x7F else { return false }
            isEmpty = false
        }
        return !isEmpty
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    static func equalIgnoringCase(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    /// `text` without spaces and tabs at either end.
    static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, isBlank(first) || isBlank(last) else {
            return text
        }
        let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isBlank($0) }.map { bytes.index(after: $0) } ?? start
        return String(Substring(bytes[start..<end]))
    }

    /// `1*HEXDIG *( BWS ";" extension )`; extensions are skipped (RFC 9112 section 7.1.1).
    static func chunkSize(_ line: [UInt8]) throws(HTTPParseError) -> Int {
        let end = line.firstIndex(of: UInt8(ascii: ";")) ?? line.endIndex
        var digits = line[..<end]
        while let last = digits.last, isBlank(last) { digits.removeLast() }
        guard !digits.isEmpty, isFieldValue(line) else { throw .invalidChunkSize }
        var size = 0
        for byte in digits {
            guard let digit = hexadecimalDigit(byte) else { throw .invalidChunkSize }
            let (shifted, overflow) = size.multipliedReportingOverflow(by: 16)
            guard !overflow else { throw .invalidChunkSize }
            size = shifted + digit
        }
        return size
    }

    static func hexadecimalDigit(_ byte: UInt8) -> Int? {
        switch lowercased(byte) {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(lowercased(byte) - UInt8(ascii: "a")) + 10
        default: nil
        }
    }

    /// Whether `text` is a valid value of a `Host` field: `uri-host [":" port]` (RFC 9110 section 7.2), or empty for
    /// a target without an authority.
    static func isHost(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let end: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")), isIPLiteral(bytes[1..<close]) else {
                return false
            }
            end = close + 1
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
            guard isRegisteredName(bytes[..<end]) else { return false }
            if end == 0, end < bytes.endIndex { return false }
        }
        guard end < bytes.endIndex else { return true }
        guard bytes[end] == UInt8(ascii: ":") else { return false }
        let port = bytes[(end + 1)...]
        guard port.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return false }
        return port.isEmpty || UInt16(String(decoding: port, as: UTF8.self)) != nil
    }

    /// `*( unreserved / pct-encoded / sub-delims )` (RFC 3986 section 3.2.2).
    private static func isRegisteredName(_ name: ArraySlice<UInt8>) -> Bool {
        var rest = name
        while let byte = rest.first {
            if byte == UInt8(ascii: "%") {
                let digits = rest.dropFirst().prefix(2)
                guard digits.count == 2, digits.allSatisfy({ hexadecimalDigit($0) != nil }) else {
                    return false
                }
                rest = rest.dropFirst(3)
                continue
            }
            guard isNameCharacter(byte) else { return false }
            rest = rest.dropFirst()
        }
        return true
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+,;=".utf8.contains(byte)
        }
    }

    /// Whether the text between brackets is an IPv6 address, or an address of a later version.
    private static func isIPLiteral(_ text: ArraySlice<UInt8>) -> Bool {
        if let first = text.first, lowercased(first) == UInt8(ascii: "v") {
            let parts = text.dropFirst().split(
                separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
                && parts[0].allSatisfy { hexadecimalDigit($0) != nil }
                && parts[1].allSatisfy { isNameCharacter($0) || $0 == UInt8(ascii: ":") }
        }
        return IPv6Text.groups(String(decoding: text, as: UTF8.self)) != nil
    }
}
