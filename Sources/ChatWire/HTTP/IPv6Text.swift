/// IPv6 addresses as text (RFC 4291 section 2.2), without brackets and without a zone.
public enum IPv6Text {
    /// The eight groups of an address, or nil when the text is not an address.
    public static func groups(_ text: String) -> [UInt16]? {
        let halves = split(text)
        guard halves.count <= 2, let head = groups(of: halves[0], allowsIPv4: halves.count == 1) else {
            return nil
        }
        guard halves.count == 2 else { return head.count == 8 ? head : nil }
        guard let tail = groups(of: halves[1], allowsIPv4: true), head.count + tail.count <= 7 else {
            return nil
        }
        return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    /// The address in its canonical form (RFC 5952, except for dotted IPv4, which browsers do not write).
    public static func canonical(_ text: String) -> String? {
        guard let groups = groups(text) else { return nil }
        let zeros = longestZeros(groups)
        func written(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard zeros.count > 1 else { return written(groups[...]) }
        return written(groups[..<zeros.lowerBound]) + "::" + written(groups[zeros.upperBound...])
    }

    /// The parts around `::`; three or more when it occurs twice.
    private static func split(_ text: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = text[...]
        while let start = rest.indices.first(where: { rest[$0...].hasPrefix("::") }) {
            parts.append(rest[..<start])
            rest = rest[rest.index(start, offsetBy: 2)...]
            if parts.count > 2 { break }
        }
        return parts + [rest]
    }

    private static func groups(of text: Substring, allowsIPv4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        for (index, part) in parts.enumerated() {
            if allowsIPv4, index == parts.count - 1, part.contains(".") {
                guard let bytes = IPv4Text.bytes(part) else { return nil }
                groups.append(UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
                groups.append(UInt16(bytes[2]) << 8 | UInt16(bytes[3]))
                continue
            }
            guard (1...4).contains(part.utf8.count),
                part.utf8.allSatisfy({ HTTPSyntax.hexadecimalDigit($0) != nil }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }

    /// The longest run of zeros; the first one among equals.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > longest.count { longest = start..<index }
            start = index + 1
        }
        return longest
    }
}

/// IPv4 addresses as four numbers with dots.
enum IPv4Text {
    /// The four bytes, or nil when the text is not such an address.
    static func bytes(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
                part.utf8.count == 1 || part.first != "0", let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
