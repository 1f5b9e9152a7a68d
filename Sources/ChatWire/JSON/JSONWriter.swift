/// Appends compact JSON to an array of bytes.
///
/// The writer adds the commas. The caller pairs `begin` with `end` and gives each value of an object its key. Strings
/// are escaped only where RFC 8259 section 7 requires it, or, on request, so that the output is ASCII.
public struct JSONWriter: Sendable {
    /// The output, and free space after it. Whole pieces are copied in: `append` would check for each byte whether
    /// the array is uniquely owned and large enough.
    private var buffer: [UInt8]
    private var count = 0
    private let escapesNonASCII: Bool
    private var needsComma = false

    /// - Parameters:
    ///   - capacity: The bytes to reserve at the start.
    ///   - escapesNonASCII: Write everything beyond ASCII as a `\u` escape.
    public init(capacity: Int = 256, escapesNonASCII: Bool = false) {
        self.escapesNonASCII = escapesNonASCII
        buffer = [UInt8](repeating: 0, count: max(capacity, 32))
    }

    /// A copy of the output so far.
    public var bytes: [UInt8] { Array(buffer.prefix(count)) }

    /// The output; the writer is consumed.
    public consuming func finished() -> [UInt8] {
        buffer.removeLast(buffer.count - count)
        return buffer
    }

    /// Opens an object; members follow.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// Closes the innermost object.
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    /// Opens an array; elements follow.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// Closes the innermost array.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// The key of the next member. The literal is written unchanged: it must not need an escape.
    public mutating func key(_ name: StaticString) {
        let comma = takeComma()
        write(atMost: name.utf8CodeUnitCount + 4) { space in
            var end = Self.put(comma, name, at: space)
            end.pointee = UInt8(ascii: ":")
            end += 1
            return end - space
        }
    }

    /// The key of the next member, escaped as needed.
    public mutating func key(named name: String) {
        separate()
        appendString(name)
        put(UInt8(ascii: ":"))
    }

    /// Null.
    public mutating func null() { literal("null") }

    /// A truth value.
    public mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }

    /// An integer of any width.
    public mutating func integer(_ value: some FixedWidthInteger) {
        separate()
        appendDecimal(value)
        needsComma = true
    }

    /// A finite double in its shortest form; null for others, which JSON cannot represent.
    public mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        prefix(bytes: value.description.utf8)
        needsComma = true
    }

    /// A string, escaped as needed.
    public mutating func string(_ value: String) {
        separate()
        appendString(value)
        needsComma = true
    }

    /// A known string that needs no escape.
    public mutating func literalString(_ text: StaticString) {
        let comma = takeComma()
        write(atMost: text.utf8CodeUnitCount + 3) { Self.put(comma, text, at: $0) - $0 }
        needsComma = true
    }

    /// A string that `put` writes itself, and that needs no escape.
    /// - Parameter put: Writes at most `size` bytes and returns how many it wrote.
    mutating func rawString(atMost size: Int, _ put: (UnsafeMutablePointer<UInt8>) -> Int) {
        separate()
        write(atMost: size + 2) { space in
            space.pointee = UInt8(ascii: "\"")
            let count = put(space + 1)
            space[count + 1] = UInt8(ascii: "\"")
            return count + 2
        }
        needsComma = true
    }

    /// A value with everything in it.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let bool): self.bool(bool)
        case .integer(let integer): self.integer(integer)
        case .double(let double): self.double(double)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members {
                key(named: member.key)
                self.value(member.value)
            }
            endObject()
        }
    }

    /// A value that is already JSON.
    public mutating func rawValue(_ json: some Collection<UInt8>) {
        separate()
        prefix(bytes: json)
        needsComma = true
    }

    /// Bytes before the JSON, such as the type of a packet; no comma is added.
    public mutating func prefix(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// A number before the JSON, such as the id of an acknowledgement.
    public mutating func prefix(number: some FixedWidthInteger) {
        appendDecimal(number)
    }

    /// Text before the JSON, such as a namespace.
    public mutating func prefix(bytes text: some Collection<UInt8>) {
        let isDone: Void? = text.withContiguousStorageIfAvailable { append($0) }
        if isDone == nil {
            Array(text).withUnsafeBufferPointer { append($0) }
        }
    }

    // MARK: - Steps

    /// Makes room for `size` bytes and lets `put` write there; `put` returns how many it wrote.
    @inline(__always)
    private mutating func write(atMost size: Int, _ put: (UnsafeMutablePointer<UInt8>) -> Int) {
        if buffer.count - count < size { grow(by: size) }
        let start = count
        count += buffer.withUnsafeMutableBufferPointer { space in
            guard let base = space.baseAddress else { return 0 }
            let written = put(base + start)
            precondition(written <= size, "more was written than there was room for")
            return written
        }
    }

    @inline(never)
    private mutating func grow(by size: Int) {
        let more = max(size, buffer.count)
        buffer.reserveCapacity(buffer.count + more)
        buffer.append(contentsOf: repeatElement(0, count: more))
    }

    private mutating func put(_ byte: UInt8) {
        write(atMost: 1) { space in
            space.pointee = byte
            return 1
        }
    }

    private mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        guard let start = text.baseAddress, !text.isEmpty else { return }
        write(atMost: text.count) { space in
            space.update(from: start, count: text.count)
            return text.count
        }
    }

    /// Writes a comma, if one is needed, and a literal between quotes; returns the position after it.
    @inline(__always)
    private static func put(
        _ comma: Bool, _ text: StaticString, at space: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        var end = space
        if comma {
            end.pointee = UInt8(ascii: ",")
            end += 1
        }
        end.pointee = UInt8(ascii: "\"")
        end += 1
        end.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        end += text.utf8CodeUnitCount
        end.pointee = UInt8(ascii: "\"")
        return end + 1
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        put(bracket)
    }

    private mutating func close(_ bracket: UInt8) {
        put(bracket)
        needsComma = true
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        prefix(text)
        needsComma = true
    }

    private mutating func separate() {
        if takeComma() { put(UInt8(ascii: ",")) }
    }

    @inline(__always)
    private mutating func takeComma() -> Bool {
        defer { needsComma = false }
        return needsComma
    }

    private mutating func appendDecimal(_ value: some FixedWidthInteger) {
        guard let magnitude = UInt64(exactly: value.magnitude) else {
            prefix(bytes: String(value).utf8)
            return
        }
        let isNegative = value < 0
        // The largest magnitude has 20 digits.
        write(atMost: 21) { space in
            var length = isNegative ? 2 : 1
            var bound = magnitude
            while bound >= 10 {
                bound /= 10
                length += 1
            }
            space.pointee = UInt8(ascii: "-")
            var rest = magnitude
            for place in stride(from: length - 1, through: isNegative ? 1 : 0, by: -1) {
                space[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            return length
        }
    }

    private mutating func appendString(_ text: String) {
        put(UInt8(ascii: "\""))
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { appendEscaped($0) }
        if isDone == nil {
            Array(text.utf8).withUnsafeBufferPointer { appendEscaped($0) }
        }
        put(UInt8(ascii: "\""))
    }

    /// Copies runs of plain bytes whole and escapes the bytes between them.
    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while true {
            let end = JSONText.endOfPlainRun(
                in: UnsafeRawBufferPointer(text), from: index, stopsAtNonASCII: escapesNonASCII)
            append(UnsafeBufferPointer(rebasing: text[index..<end]))
            guard end < text.count else { return }
            let byte = text[end]
            index = byte < 0x80 ? escape(byte, at: end) : escapeScalar(of: text, at: end)
        }
    }

    private mutating func escape(_ byte: UInt8, at index: Int) -> Int {
        switch byte {
        case UInt8(ascii: "\""): prefix("\\\"")
        case UInt8(ascii: "\\"): prefix("\\\\")
        case 0x08: prefix("\\b")
        case 0x0C: prefix("\\f")
        case 0x0A: prefix("\\n")
        case 0x0D: prefix("\\r")
        case 0x09: prefix("\\t")
        default: appendCodeUnit(UInt32(byte))
        }
        return index + 1
    }

    /// Escapes the scalar whose UTF-8 starts at `index`; a Swift string is always well-formed.
    private mutating func escapeScalar(of text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let lead = text[index]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        var scalar = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            scalar = scalar << 6 | UInt32(text[index + offset] & 0x3F)
        }
        if scalar >= 0x10000 {
            appendCodeUnit(0xD800 + (scalar - 0x10000) >> 10)
            appendCodeUnit(0xDC00 + (scalar - 0x10000) & 0x3FF)
        } else {
            appendCodeUnit(scalar)
        }
        return index + length
    }

    private mutating func appendCodeUnit(_ unit: UInt32) {
        prefix("\\u")
        for shift in [12, 8, 4, 0] as [UInt32] {
            let digit = UInt8(unit >> shift & 0xF)
            put(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
