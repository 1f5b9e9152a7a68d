import ChatWire

/// The contact for push services (RFC 8292 section 2.1): a `mailto:` or `https:` URI, made from the text of a
/// setting.
///
/// A domain outside ASCII is converted to its A-labels (RFC 5890). Such letters in a path or a query are
/// escaped (RFC 3987 section 3.1). The name before an `@` has no ASCII form, so it must be ASCII already.
enum PushContact {
    /// Why a text cannot become a contact URI, in words.
    struct Problem: Error, Equatable {
        let reason: String
    }

    /// The contact URI for the text of a setting.
    ///
    /// - Throws: why no such URI can be made.
    static func uri(_ text: String) throws(Problem) -> String {
        let trimmed = text.trimmingBlanks
        let lower = trimmed.lowercased()
        if lower.hasPrefix("https:") { return try web(trimmed, text) }
        var rest = trimmed[...]
        while rest.lowercased().hasPrefix("mailto:") { rest = rest.dropFirst(7).trimmingBlanks[...] }
        // "Name <address>": the name does not matter.
        if rest.hasSuffix(">"), let open = rest.lastIndex(of: "<") {
            rest = rest[rest.index(after: open)...].dropLast()
            while rest.lowercased().hasPrefix("mailto:") { rest = rest.dropFirst(7) }
            rest = rest.trimmingBlanks[...]
        }
        let isURI = lower.hasPrefix("mailto:")
        let question = isURI ? rest.firstIndex(of: "?") ?? rest.endIndex : rest.endIndex
        let query = escaped(rest[question...])
        guard query.utf8.allSatisfy({ isUnreserved($0) || "%!$'()*+,;:@/?&=".utf8.contains($0) }) else {
            throw problem(text, "\"\(query)\" cannot stand in a URI")
        }
        return "mailto:" + (try address(rest[..<question], isEscaped: isURI, text)) + query
    }

    private static func problem(_ text: String, _ reason: String) -> Problem {
        Problem(reason: "\"\(text)\" is neither an email address nor an https: address: \(reason)")
    }

    private static func web(_ uri: String, _ text: String) throws(Problem) -> String {
        let rest = uri.dropFirst(6)
        let host = rest.dropFirst(2).prefix { !"/?#".contains($0) }
        let name = host.prefix { $0 != ":" }
        let path = escaped(rest[host.endIndex...])
        guard rest.hasPrefix("//"), let domain = domain(name),
            path.utf8.allSatisfy({ isUnreserved($0) || "%!$&'()*+,;=:@/?#[]".utf8.contains($0) }),
            host[name.endIndex...].dropFirst().utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { throw problem(text, "it names no web page") }
        return "https://" + domain + host[name.endIndex...] + path
    }

    /// `local@domain`. Characters of the local part that have a meaning in a URI are escaped (RFC 6068).
    private static func address(_ address: Substring, isEscaped: Bool, _ text: String) throws(Problem)
        -> String
    {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw problem(text, "it has to be one name, one @ and one domain") }
        guard parts[0].utf8.allSatisfy({ $0 < 0x80 }) else {
            throw problem(text, "push services take ASCII letters only before the @")
        }
        let allowed = "!#$%&'*+-/=?^_`{|}~."
        guard !parts[0].isEmpty, parts[0].first != ".", parts[0].last != ".", !parts[0].contains(".."),
            parts[0].utf8.allSatisfy({ isUnreserved($0) || allowed.utf8.contains($0) })
        else { throw problem(text, "what stands before the @ is no name") }
        guard let domain = domain(isEscaped ? unescaped(parts[1]) : parts[1]) else {
            throw problem(text, "what stands behind the @ is no domain")
        }
        var local = ""
        for byte in parts[0].utf8 {
            if isUnreserved(byte) || "!$'*+".utf8.contains(byte) || (isEscaped && byte == 0x25) {
                local.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                local += percentEncoded(byte)
            }
        }
        return local + "@" + domain
    }

    /// The domain with A-labels. An ASCII domain stays as it is. Nil for an invalid domain.
    private static func domain(_ text: Substring) -> String? {
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        // This is checked first, because the prefix of an A-label would hide a hyphen at the start.
        guard !text.split(separator: ".").contains(where: { $0.first == "-" || $0.last == "-" }) else {
            return nil
        }
        guard let domain = isASCII ? String(text) : InternationalHost.ascii(String(text)) else { return nil }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        let isValid = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { isUnreserved($0) && $0 != 0x2E && $0 != 0x5F && $0 != 0x7E }
        }
        return isValid && domain.utf8.count <= 253 ? domain : nil
    }

    // MARK: Escapes

    /// Decodes percent escapes. The domain of a URI may be escaped UTF-8 (RFC 6068 section 2).
    private static func unescaped(_ text: Substring) -> Substring {
        PercentDecoding.decode(text, plusIsSpace: false)[...]
    }

    /// Escapes bytes outside ASCII. The author of the setting has escaped everything else.
    private static func escaped(_ text: Substring) -> String {
        text.utf8.reduce(into: "") { escaped, byte in
            if byte < 0x80 {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                escaped += percentEncoded(byte)
            }
        }
    }

    private static func percentEncoded(_ byte: UInt8) -> String {
        "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~".utf8.contains(byte)
        }
    }
}

extension StringProtocol {
    /// Without white space at either end.
    fileprivate var trimmingBlanks: String {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? start
        return String(self[start..<end])
    }
}
