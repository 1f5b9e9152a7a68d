/// Reads JSON from the front, one token at a time, without building a tree.
///
/// It is the only tokenizer of this module: `JSONValue` is built with it, and the packets of the hot path are decoded
/// with it field by field. The grammar is strictly RFC 8259: no comments, no trailing commas, no leading zeros, no
/// control characters inside strings, nothing that is not UTF-8. Skipped values are checked against the same grammar.
///
/// Read an object like this, and an array likewise with `nextElement`:
///
/// try reader.beginObject() while let key = try reader.nextKey() {
///         if key == "id" { id = try reader.integer() } else { try reader.skipValue() }
/// }
///
/// The reader borrows its bytes: it must not outlive the closure that lent them.
struct JSONReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0
    private var depth = 0
    private var valuesLeft: Int
    /// Whether the innermost array or object has not returned its first member yet.
    private var isFirstMember = false
    private let limits: JSONLimits

    /// Throws `tooLong` when there are more bytes than the limit.
    init(_ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .standard) throws(JSONError) {
        guard bytes.count <= limits.bytesMax else {
            throw .tooLong(length: bytes.count, limit: limits.bytesMax)
        }
        self.bytes = bytes
        self.limits = limits
        valuesLeft = limits.valuesMax
    }

    /// Lends `bytes` to `body` as a reader.
    static func read<Result>(
        _ bytes: ArraySlice<UInt8>,
        limits: JSONLimits = .standard,
        _ body: (inout JSONReader) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            var reader = try JSONReader(UnsafeRawBufferPointer(buffer), limits: limits)
            return try body(&reader)
        }
    }

    // MARK: - Values

    /// The kind of the next value. It consumes only white space.
    @inline(__always)
    mutating func peekKind() throws(JSONError) -> Kind {
        let byte = try peekSignificant()
        switch byte {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw .unexpectedByte(byte, offset: position)
        }
    }

    mutating func null() throws(JSONError) {
        try expect(.null)
        try countValue()
        try literal("null")
    }

    mutating func bool() throws(JSONError) -> Bool {
        try expect(.bool)
        try countValue()
        if bytes[position] == UInt8(ascii: "t") {
            try literal("true")
            return true
        }
        try literal("false")
        return false
    }

    mutating func string() throws(JSONError) -> String {
        try expect(.string)
        return try anticipatedString()
    }

    /// Reads a string after `peekKind` has announced it.
    mutating func anticipatedString() throws(JSONError) -> String {
        try countValue()
        return decode(try scanString())
    }

    /// A string as a key: comparing it with a literal copies nothing.
    mutating func name() throws(JSONError) -> Key {
        try expect(.string)
        try countValue()
        return key(from: try scanString())
    }

    /// The next number: an integer when it is written as one and fits, a double otherwise.
    mutating func number() throws(JSONError) -> Number {
        try expect(.number)
        return try anticipatedNumber()
    }

    /// Reads a number after `peekKind` has announced it.
    mutating func anticipatedNumber() throws(JSONError) -> Number {
        try countValue()
        return try scanNumber()
    }

    /// Skips the next value of any kind, and checks it.
    mutating func skipValue() throws(JSONError) {
        // A flat loop over the kinds of the open containers keeps hostile nesting off the stack; the depth limit
        // bounds the array.
        var openKinds: [Kind] = []
        repeat {
            if let open = openKinds.last {
                let isMore = open == .object ? try nextKey() != nil : try nextElement()
                guard isMore else {
                    openKinds.removeLast()
                    continue
                }
            }
            let kind = try peekKind()
            switch kind {
            case .object:
                try beginObject()
                openKinds.append(.object)
            case .array:
                try beginArray()
                openKinds.append(.array)
            case .string:
                try countValue()
                _ = try scanString()
            case .number: _ = try anticipatedNumber()
            case .bool: _ = try bool()
            case .null: try null()
            }
        } while !openKinds.isEmpty
    }

    // MARK: - Containers

    mutating func beginObject() throws(JSONError) {
        try expect(.object)
        try enter()
    }

    mutating func beginArray() throws(JSONError) {
        try expect(.array)
        try enter()
    }

    /// The key of the next member; the reader is then before its value. Nil at the end of the object, which is
    /// consumed.
    mutating func nextKey() throws(JSONError) -> Key? {
        guard try advanceToMember(closing: UInt8(ascii: "}")) else { return nil }
        let byte = try peekSignificant()
        guard byte == UInt8(ascii: "\"") else { throw .unexpectedByte(byte, offset: position) }
        let token = try scanString()
        let separator = try peekSignificant()
        guard separator == UInt8(ascii: ":") else {
            throw .unexpectedByte(separator, offset: position)
        }
        position += 1
        return key(from: token)
    }

    /// Whether another element follows; the reader is then before it. False at the end of the array, which is
    /// consumed.
    mutating func nextElement() throws(JSONError) -> Bool {
        try advanceToMember(closing: UInt8(ascii: "]"))
    }

    /// Throws unless only white space is left.
    mutating func end() throws(JSONError) {
        skipWhiteSpace()
        guard position == bytes.count else { throw .trailingBytes(offset: position) }
    }

    // MARK: - Steps

    private mutating func enter() throws(JSONError) {
        try countValue()
        guard depth < limits.depthMax else { throw .tooDeep(limit: limits.depthMax, offset: position) }
        depth += 1
        position += 1
        isFirstMember = true
    }

    private mutating func advanceToMember(closing: UInt8) throws(JSONError) -> Bool {
        let byte = try peekSignificant()
        if byte == closing {
            position += 1
            depth -= 1
            isFirstMember = false
            return false
        }
        if isFirstMember {
            isFirstMember = false
            return true
        }
        guard byte == UInt8(ascii: ",") else { throw .unexpectedByte(byte, offset: position) }
        position += 1
        let next = try peekSignificant()
        guard next != closing else { throw .unexpectedByte(next, offset: position) }
        return true
    }

    private mutating func countValue() throws(JSONError) {
        guard valuesLeft > 0 else {
            throw .tooManyValues(limit: limits.valuesMax, offset: position)
        }
        valuesLeft -= 1
    }

    private mutating func expect(_ kind: Kind) throws(JSONError) {
        guard try peekKind() == kind else { throw .typeMismatch(offset: position) }
    }

    private mutating func literal(_ text: StaticString) throws(JSONError) {
        for index in 0..<text.utf8CodeUnitCount {
            guard position < bytes.count else { throw .unexpectedEnd(offset: position) }
            guard bytes[position] == text.utf8Start[index] else {
                throw .unexpectedByte(bytes[position], offset: position)
            }
            position += 1
        }
    }

    private mutating func skipWhiteSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    @inline(__always)
    private mutating func peekSignificant() throws(JSONError) -> UInt8 {
        // Servers send compact JSON, which has no white space.
        if position < bytes.count, bytes[position] > 0x20 { return bytes[position] }
        skipWhiteSpace()
        guard position < bytes.count else { throw .unexpectedEnd(offset: position) }
        return bytes[position]
    }

    private mutating func scanNumber() throws(JSONError) -> Number {
        let (number, end) = try JSONNumberScanner(bytes: bytes).number(at: position)
        position = end
        return number
    }

    /// Consumes a string token and checks it. The reader must be at the opening quote.
    mutating func scanString() throws(JSONError) -> JSONStringScanner.Token {
        let token = try JSONStringScanner(bytes: bytes).token(at: position)
        position = token.end + 1
        return token
    }

    /// The bytes of a string token.
    func slice(_ token: JSONStringScanner.Token) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[token.start..<token.end])
    }

    func decode(_ token: JSONStringScanner.Token) -> String {
        JSONStringScanner.decode(slice(token), hasEscapes: token.hasEscapes)
    }

    private func key(from token: JSONStringScanner.Token) -> Key {
        Key(bytes: slice(token), hasEscapes: token.hasEscapes)
    }
}

extension JSONReader {
    enum Kind: Hashable {
        case object, array, string, number, bool, null
    }

    enum Number: Hashable {
        case integer(Int64)
        case double(Double)
    }

    /// The key of a member. Comparing it with a literal copies nothing.
    struct Key {
        fileprivate let bytes: UnsafeRawBufferPointer
        /// Whether the text differs from the bytes. Real servers do not escape keys.
        fileprivate let hasEscapes: Bool

        @inline(__always)
        static func == (key: Key, name: StaticString) -> Bool {
            guard !key.hasEscapes else { return key.equalsUnescaped(name) }
            guard key.bytes.count == name.utf8CodeUnitCount else { return false }
            for index in 0..<key.bytes.count where key.bytes[index] != name.utf8Start[index] {
                return false
            }
            return true
        }

        private func equalsUnescaped(_ name: StaticString) -> Bool {
            text.utf8.elementsEqual(
                UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        }

        var text: String { JSONStringScanner.decode(bytes, hasEscapes: hasEscapes) }
    }
}
