/// Any JSON value.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

// MARK: - Reading and writing

extension JSONValue {
    /// The one value in `bytes` (RFC 8259, UTF-8), surrounded only by white space.
    public init(parsing bytes: ArraySlice<UInt8>, limits: JSONLimits = .standard) throws(JSONError) {
        self = try JSONReader.read(bytes, limits: limits) { reader throws(JSONError) in
            let value = try JSONValue(reading: &reader)
            try reader.end()
            return value
        }
    }

    /// The one value in `bytes` (RFC 8259, UTF-8), surrounded only by white space.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
        try self.init(parsing: bytes[...], limits: limits)
    }

    /// The one value in `text`.
    public init(parsing text: String, limits: JSONLimits = .standard) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// The next value of `reader`. The reader's depth limit bounds the recursion.
    init(reading reader: inout JSONReader) throws(JSONError) {
        switch try reader.peekKind() {
        case .null:
            try reader.null()
            self = .null
        case .bool: self = .bool(try reader.bool())
        case .string: self = .string(try reader.anticipatedString())
        case .number:
            switch try reader.anticipatedNumber() {
            case .integer(let integer): self = .integer(integer)
            case .double(let double): self = .double(double)
            }
        case .array:
            try reader.beginArray()
            var elements: [JSONValue] = []
            while try reader.nextElement() {
                elements.append(try JSONValue(reading: &reader))
            }
            self = .array(elements)
        case .object:
            try reader.beginObject()
            var object = JSONObject()
            while let key = try reader.nextKey() {
                object.append(key.text, try JSONValue(reading: &reader))
            }
            self = .object(object)
        }
    }

    /// The value as compact JSON in UTF-8.
    /// - Parameter escapesNonASCII: Write everything beyond ASCII as a `\u` escape.
    public func serialized(escapesNonASCII: Bool = false) -> [UInt8] {
        var writer = JSONWriter(escapesNonASCII: escapesNonASCII)
        writer.value(self)
        return writer.finished()
    }
}

// MARK: - Looking inside

extension JSONValue {
    /// The member of an object; nil when this is not an object or has no such member.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    /// The element of an array; nil when this is not an array or is shorter.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    public var isNull: Bool { self == .null }

    /// The text of a string; nil for anything else.
    public var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// An integer, read leniently: `3`, `3.0` and `"3"` are all three, because servers return ids in the type in
    /// which they were sent. Nil for anything else, including `3.5`, `true` and `" 3"`.
    public var integerValue: Int64? {
        switch self {
        case .integer(let integer): integer
        case .double(let double): Int64(exactly: double)
        case .string(let text): Self.integer(in: text)
        default: nil
        }
    }

    /// A truth value, read leniently: `true`, `false`, and also `1` and `0`, which the API's lists use.
    public var boolValue: Bool? {
        switch self {
        case .bool(let bool): bool
        case .integer(0), .double(0): false
        case .integer(1), .double(1): true
        default: nil
        }
    }

    /// A number as a double.
    public var doubleValue: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .double(let double): double
        default: nil
        }
    }

    /// The elements of an array; nil for anything else.
    public var arrayValue: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object; nil for anything else.
    public var objectValue: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    /// Decimal digits with an optional minus sign; `Int64(_:)` would also accept a plus sign.
    static func integer(in text: String) -> Int64? {
        text.utf8.first == UInt8(ascii: "+") ? nil : Int64(text)
    }
}

// MARK: - Literals

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A double, even for an integral literal.
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object with its members in the order of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member(key: $0.0, value: $0.1) }))
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as compact JSON.
    public var description: String { String(decoding: serialized(), as: UTF8.self) }
}
