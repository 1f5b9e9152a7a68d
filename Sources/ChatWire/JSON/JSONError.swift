/// Why a text is not the expected JSON. Offsets count bytes from the start of the text.
public enum JSONError: Error, Hashable, Sendable {
    /// The text ends inside a value.
    case unexpectedEnd(offset: Int)
    /// A byte that the grammar of RFC 8259 does not allow here.
    case unexpectedByte(UInt8, offset: Int)
    /// Something follows the one value that a text may hold.
    case trailingBytes(offset: Int)
    /// A string or a key is not well-formed UTF-8.
    case invalidUTF8(offset: Int)
    /// An unknown `\` escape (RFC 8259 section 7), or half of a surrogate pair.
    case invalidEscape(offset: Int)
    /// A number outside the range of finite doubles.
    case numberOutOfRange(offset: Int)
    /// A value of another kind than the reader asked for.
    case typeMismatch(offset: Int)
    /// Arrays and objects are nested deeper than the limit.
    case tooDeep(limit: Int, offset: Int)
    /// The text has more bytes than the limit; none of it was read.
    case tooLong(length: Int, limit: Int)
    /// The text holds more values than the limit.
    case tooManyValues(limit: Int, offset: Int)
}
