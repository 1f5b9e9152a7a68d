/// TOML's unquoted values: truth values, numbers, dates and times.
enum TOMLScalar {
    /// Whether `text` is such a value. Other text never reaches the parser: it would take some of it for the start of
    /// a value and then end the program.
    static func isWellFormed(_ text: some Collection<Unicode.Scalar>) -> Bool {
        guard text.count <= lengthMax, text.allSatisfy(\.isASCII) else { return false }
        let characters = text.map { Character($0) }[...]
        return isWord(characters) || isNumber(characters) || isMoment(characters)
    }

    /// No number or date is longer.
    private static let lengthMax = 64

    private static func isWord(_ text: ArraySlice<Character>) -> Bool {
        ["true", "false", "inf", "nan"].contains(String(withoutSign(text)))
            && (!isSigned(text) || text.count == 4)
    }

    // MARK: - Numbers

    private static func isNumber(_ text: ArraySlice<Character>) -> Bool {
        for (prefix, digits) in [("0x", "0123456789abcdefABCDEF"), ("0o", "01234567"), ("0b", "01")]
        where text.starts(with: prefix) {
            var rest = text.dropFirst(prefix.count)
            return skipDigits(&rest, of: digits) && rest.isEmpty
        }
        var rest = withoutSign(text)
        guard skipDigits(&rest) else { return false }
        if rest.first == "." {
            rest.removeFirst()
            guard skipDigits(&rest) else { return false }
        }
        if rest.first == "e" || rest.first == "E" {
            rest = withoutSign(rest.dropFirst())
            guard skipDigits(&rest) else { return false }
        }
        return rest.isEmpty
    }

    private static func isSigned(_ text: ArraySlice<Character>) -> Bool {
        text.first == "+" || text.first == "-"
    }

    private static func withoutSign(_ text: ArraySlice<Character>) -> ArraySlice<Character> {
        isSigned(text) ? text.dropFirst() : text
    }

    /// Groups of digits with single underscores between them; false when there are none.
    private static func skipDigits(_ text: inout ArraySlice<Character>, of digits: String = "0123456789")
        -> Bool
    {
        repeat {
            let count = text.prefix { digits.contains($0) }.count
            guard count > 0 else { return false }
            text = text.dropFirst(count)
        } while text.popFirst(if: "_")
        return true
    }

    // MARK: - Dates and times (RFC 3339)

    private static func isMoment(_ text: ArraySlice<Character>) -> Bool {
        var rest = text
        guard skip("dddd-dd-dd", &rest) else { return skipTime(&rest) && rest.isEmpty }
        if rest.isEmpty { return true }
        guard "Tt ".contains(rest.removeFirst()), skipTime(&rest) else { return false }
        return rest.isEmpty || rest == ["Z"] || rest == ["z"]
            || isSigned(rest) && skip("dd:dd", &rest, after: 1) && rest.isEmpty
    }

    private static func skipTime(_ text: inout ArraySlice<Character>) -> Bool {
        guard skip("dd:dd", &text) else { return false }
        guard skip(":dd", &text) else { return true }
        guard text.popFirst(if: ".") else { return true }
        let count = text.prefix { isDigit($0) }.count
        text = text.dropFirst(count)
        return count > 0
    }

    /// Skips what looks like `pattern`, in which `d` is a digit; does nothing when it does not match.
    private static func skip(_ pattern: String, _ text: inout ArraySlice<Character>, after count: Int = 0)
        -> Bool
    {
        let candidate = text.dropFirst(count).prefix(pattern.count)
        guard candidate.count == pattern.count,
            zip(candidate, pattern).allSatisfy({ $1 == "d" ? isDigit($0) : $0 == $1 })
        else { return false }
        text = text.dropFirst(count + pattern.count)
        return true
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
}

extension ArraySlice<Character> {
    fileprivate mutating func popFirst(if character: Character) -> Bool {
        guard first == character else { return false }
        removeFirst()
        return true
    }
}
