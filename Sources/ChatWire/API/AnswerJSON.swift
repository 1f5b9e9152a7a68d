/// Reads the JSON of an answer so that one bad value does not lose all others.
enum AnswerJSON {
    /// How many bad values are repaired before the whole answer is refused: each repair reads the text again.
    static let mendsMax = 16

    /// The value in `body`. A byte order mark before it is skipped, as RFC 8259 section 8.1 allows. Invalid Unicode
    /// becomes U+FFFD or `?`, and a number out of range becomes null.
    static func parse(_ body: [UInt8]) throws(JSONError) -> JSONValue {
        var bytes = body.starts(with: [0xEF, 0xBB, 0xBF]) ? body.dropFirst(3) : body[...]
        for _ in 0..<mendsMax {
            do throws(JSONError) {
                return try JSONValue(parsing: bytes)
            } catch {
                guard mend(error, in: &bytes) else { throw error }
            }
        }
        return try JSONValue(parsing: bytes)
    }

    /// - Returns: False when the damage goes beyond one value.
    private static func mend(_ error: JSONError, in bytes: inout ArraySlice<UInt8>) -> Bool {
        switch error {
        case .invalidEscape(let offset): mendSurrogate(at: bytes.startIndex + offset, in: &bytes)
        case .invalidUTF8(let offset): mendByte(at: bytes.startIndex + offset, in: &bytes)
        case .numberOutOfRange(let offset): mendNumber(at: bytes.startIndex + offset, in: &bytes)
        default: false
        }
    }

    /// Repairs half of a surrogate pair, which programs produce when they cut text by UTF-16 units.
    private static func mendSurrogate(at index: Int, in bytes: inout ArraySlice<UInt8>) -> Bool {
        guard index + 6 <= bytes.endIndex, bytes[index + 1] == UInt8(ascii: "u"),
            let unit = UInt16(String(decoding: bytes[index + 2..<index + 6], as: UTF8.self), radix: 16),
            (0xD800...0xDFFF).contains(unit)
        else { return false }
        bytes.replaceSubrange(index + 2..<index + 6, with: "FFFD".utf8)
        return true
    }

    private static func mendByte(at index: Int, in bytes: inout ArraySlice<UInt8>) -> Bool {
        guard index < bytes.endIndex else { return false }
        bytes[index] = UInt8(ascii: "?")
        return true
    }

    private static func mendNumber(at start: Int, in bytes: inout ArraySlice<UInt8>) -> Bool {
        let end = bytes[start...].firstIndex { !isNumberByte($0) } ?? bytes.endIndex
        guard end - start >= 4 else { return false }
        bytes.replaceSubrange(start..<end, with: "null".utf8)
        return true
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
