/// Appends compact JSON to an array of bytes.
///
/// Commas are put in by the writer; pairing `begin` with `end` and giving each value of an object
/// its key is up to the caller. Strings are escaped as little as RFC 8259 section 7 allows, or, on
/// request, so that only ASCII is written.
public struct JSONWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []
    private let escapesNonASCII: Bool
    private var needsComma = false

    /// - Parameters:
    ///   - capacity: Bytes to make room for at once.
    ///   - escapesNonASCII: Write everything beyond ASCII as a `\u` escape.
    public init(capacity: Int = 256, escapesNonASCII: Bool = false) {
        self.escapesNonASCII = escapesNonASCII
        bytes.reserveCapacity(capacity)
    }

    /// Opens an object; members follow.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// Closes the innermost object.
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    /// Opens an array; elements follow.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// Closes the innermost array.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// The key of the next member. A literal is written as it is: it must hold nothing that needs
    /// an escape.
    public mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        prefix(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// The key of the next member, escaped as needed.
    public mutating func key(named name: String) {
        separate()
        appendString(name)
        bytes.append(UInt8(ascii: ":"))
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

    /// A finite double in its shortest form; null for the others, which JSON can't say.
    public mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        bytes.append(contentsOf: value.description.utf8)
        needsComma = true
    }

    /// A string, escaped as needed.
    public mutating func string(_ value: String) {
        separate()
        appendString(value)
        needsComma = true
    }

    /// A string that is known beforehand and holds nothing that needs an escape.
    public mutating func literalString(_ text: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        prefix(text)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// A string that `append` writes itself, and that holds nothing that needs an escape.
    mutating func rawString(_ append: (inout [UInt8]) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(&bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// A value with all that is in it.
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

    /// A value that is JSON already.
    public mutating func rawValue(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// Bytes that stand before the JSON, such as the type of a packet; no comma is considered.
    public mutating func prefix(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// A number that stands before the JSON, such as the id of an acknowledgement.
    public mutating func prefix(number: some FixedWidthInteger) {
        appendDecimal(number)
    }

    /// Text that stands before the JSON, such as a namespace.
    public mutating func prefix(bytes text: some Collection<UInt8>) {
        bytes.append(contentsOf: text)
    }

    // MARK: - Steps

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        prefix(text)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func appendDecimal(_ value: some FixedWidthInteger) {
        if value >= 0, value < 10 {
            bytes.append(UInt8(ascii: "0") + UInt8(value))
        } else {
            bytes.append(contentsOf: String(value).utf8)
        }
    }

    private mutating func appendString(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { appendEscaped($0) }
        if isDone == nil {
            Array(text.utf8).withUnsafeBufferPointer { appendEscaped($0) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Copies runs of plain bytes whole and escapes what stands between them.
    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        var runStart = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"),
                byte < 0x80 || !escapesNonASCII
            {
                index += 1
                continue
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart..<index]))
            index = byte < 0x80 ? escape(byte, at: index) : escapeScalar(of: text, at: index)
            runStart = index
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart...]))
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
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
