// Values as the API may give them. Each consumes one value of whatever kind, and gives nil when it is
// not of a kind that serves; `JSONValue` and `JSONFields` judge in the same way.
extension JSONReader {
    /// An integer: `3`, `3.0` or `"3"`.
    mutating func lenientInteger() throws(JSONError) -> Int64? {
        switch try peekKind() {
        case .number:
            switch try anticipatedNumber() {
            case .integer(let integer): return integer
            case .double(let double): return Int64(exactly: double)
            }
        case .string: return JSONValue.integer(in: try anticipatedString())
        default:
            try skipValue()
            return nil
        }
    }

    /// A text, or a number as text.
    mutating func lenientText() throws(JSONError) -> String? {
        switch try peekKind() {
        case .string: return try anticipatedString()
        case .number:
            switch try anticipatedNumber() {
            case .integer(let integer): return String(integer)
            case .double(let double): return String(double)
            }
        default:
            try skipValue()
            return nil
        }
    }

    /// A truth value: `true`, `false`, `1` or `0`.
    mutating func lenientFlag() throws(JSONError) -> Bool? {
        switch try peekKind() {
        case .bool: return try bool()
        case .number:
            switch try anticipatedNumber() {
            case .integer(0), .double(0): return false
            case .integer(1), .double(1): return true
            default: return nil
            }
        default:
            try skipValue()
            return nil
        }
    }

    /// A string, and nothing else.
    mutating func optionalString() throws(JSONError) -> String? {
        guard try peekKind() == .string else {
            try skipValue()
            return nil
        }
        return try anticipatedString()
    }

    /// A moment in either of the API's forms, read without making a string of it.
    mutating func lenientTimestamp() throws(JSONError) -> Timestamp? {
        guard try peekKind() == .string else {
            try skipValue()
            return nil
        }
        let token = try scanString()
        guard !token.hasEscapes else { return WireDate.parse(decode(token)) }
        return WireDate.parse(UnsafeRawBufferPointer(rebasing: bytes[token.start..<token.end]))
    }
}
