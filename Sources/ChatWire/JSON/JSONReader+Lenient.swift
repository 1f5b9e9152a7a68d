// The values of `LenientSource`, from the bytes. `JSONValue` follows the same rules.
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

    /// A string, or a number as text.
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

    /// A time in either form of the API, read without making a string.
    mutating func lenientTimestamp() throws(JSONError) -> Timestamp? {
        guard try peekKind() == .string else {
            try skipValue()
            return nil
        }
        let token = try scanString()
        guard !token.hasEscapes else { return WireDate.parse(decode(token)) }
        return WireDate.parse(slice(token))
    }
}
