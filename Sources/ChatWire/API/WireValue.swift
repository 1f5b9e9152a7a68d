/// A value of the API with its form in JSON: what it looks like, and both codecs.
public protocol WireValue: Sendable {
    /// What the value looks like in JSON.
    static var schema: WireSchema { get }
    /// Reads the value leniently.
    /// - Parameters:
    ///   - json: Nil when the object has no such member.
    ///   - name: What an error calls the value.
    static func read(_ json: JSONValue?, named name: @autoclosure () -> String) throws(APIError) -> Self
    /// Writes the value.
    func write(to writer: inout JSONWriter, as form: WireForm)
}

/// What a value looks like in JSON: enough to describe the API in another language.
public indirect enum WireSchema: Hashable, Sendable {
    /// An integer. It is also read when it is written as text, because servers return ids in the type in which they
    /// were sent.
    case integer
    case text
    /// One of these texts.
    case word([String])
    /// `true` or `false`; in lists 1 or 0.
    case flag
    /// A time in UTC, in one of the forms of `WireDate`.
    case time
    case list(of: WireSchema)
    case object([FieldDescription])
    /// An object whose keys are the numbers of users.
    case numbersByUser
    /// Any JSON.
    case any
}

// MARK: - Single values

/// A value that is a number, a text or a truth value in JSON.
public protocol WireScalar: WireValue {
    /// Nil when the JSON is of another kind, or out of range.
    init?(lenient json: JSONValue)
    /// The value in single objects.
    var json: JSONValue { get }
}

extension WireScalar {
    public static func read(
        _ json: JSONValue?, named name: @autoclosure () -> String
    ) throws(APIError) -> Self {
        guard let json, let value = Self(lenient: json) else { throw .unexpectedShape(missing: name()) }
        return value
    }

    public func write(to writer: inout JSONWriter, as form: WireForm) { writer.value(json) }
}

extension String: WireScalar {
    public static var schema: WireSchema { .text }

    /// A number counts as its digits.
    public init?(lenient json: JSONValue) {
        switch json {
        case .string(let text): self = text
        case .integer(let integer): self = String(integer)
        case .double(let double): self = String(double)
        default: return nil
        }
    }

    public var json: JSONValue { .string(self) }

    public func write(to writer: inout JSONWriter, as form: WireForm) { writer.string(self) }
}

extension Int: WireScalar {
    public static var schema: WireSchema { .integer }

    public init?(lenient json: JSONValue) {
        guard let integer = json.integerValue else { return nil }
        self.init(exactly: integer)
    }

    public var json: JSONValue { .integer(Int64(self)) }
}

extension Int64: WireScalar {
    public static var schema: WireSchema { .integer }

    public init?(lenient json: JSONValue) {
        guard let integer = json.integerValue else { return nil }
        self = integer
    }

    public var json: JSONValue { .integer(self) }
}

extension Bool: WireScalar {
    public static var schema: WireSchema { .flag }

    public init?(lenient json: JSONValue) {
        guard let flag = json.boolValue else { return nil }
        self = flag
    }

    public var json: JSONValue { .bool(self) }

    public func write(to writer: inout JSONWriter, as form: WireForm) { writer.flag(self, as: form) }
}

extension Timestamp: WireScalar {
    public static var schema: WireSchema { .time }

    public init?(lenient json: JSONValue) {
        guard let text = json.stringValue, let time = WireDate.parse(text) else { return nil }
        self = time
    }

    public var json: JSONValue { .string(WireDate.iso(self)) }

    public func write(to writer: inout JSONWriter, as form: WireForm) { writer.timestamp(self, as: form) }
}

extension TempID: WireScalar {
    public static var schema: WireSchema { .text }

    /// Only a text is one: the real server accepts and returns any JSON.
    public init?(lenient json: JSONValue) {
        guard let text = json.stringValue else { return nil }
        self.init(text)
    }

    public var json: JSONValue { .string(rawValue) }

    public func write(to writer: inout JSONWriter, as form: WireForm) { writer.string(rawValue) }
}

extension DeliveryStatus: WireScalar {
    public static var schema: WireSchema { .word(allCases.map(\.name)) }

    public init?(lenient json: JSONValue) {
        guard let name = json.stringValue else { return nil }
        self.init(name: name)
    }

    public var json: JSONValue { .string(name) }

    public func write(to writer: inout JSONWriter, as form: WireForm) { writer.string(name) }
}

extension JSONValue: WireScalar {
    public static var schema: WireSchema { .any }

    public init?(lenient json: JSONValue) { self = json }

    public var json: JSONValue { self }
}

/// A number that the server assigned.
public protocol NumericID: WireScalar {
    /// The id of this number, which is not checked.
    init(_ rawValue: Int64)
    /// The number on the wire.
    var rawValue: Int64 { get }
}

extension NumericID {
    public static var schema: WireSchema { .integer }

    public init?(lenient json: JSONValue) {
        guard let number = json.integerValue else { return nil }
        self.init(number)
    }

    public var json: JSONValue { .integer(rawValue) }

    public func write(to writer: inout JSONWriter, as form: WireForm) { writer.integer(rawValue) }
}

extension UserID: NumericID {}
extension MessageID: NumericID {}
extension ContactID: NumericID {}
extension SessionID: NumericID {}

// MARK: - Objects and lists

/// A value that is an object in JSON. Its first member names an element of a list in logs.
public protocol WireObject: WireValue {
    /// The members in the order in which they are written.
    static var members: [FieldDescription] { get }
    /// Reads the object.
    init(json: JSONValue) throws(APIError)
    /// Writes the members of an object that has been begun.
    func writeMembers(to writer: inout JSONWriter, as form: WireForm)
}

extension WireObject {
    public static var schema: WireSchema { .object(members) }

    public static func read(
        _ json: JSONValue?, named name: @autoclosure () -> String
    ) throws(APIError) -> Self {
        try Self(json: json ?? .null)
    }

    public func write(to writer: inout JSONWriter, as form: WireForm = .object) {
        writer.beginObject()
        writeMembers(to: &writer, as: form)
        writer.endObject()
    }
}

extension PartialList: WireValue where Element: WireObject {
    public static var schema: WireSchema { .list(of: Element.schema) }

    /// One with elements of which none can be read does not belong to this API.
    public static func read(
        _ json: JSONValue?, named name: @autoclosure () -> String
    ) throws(APIError) -> PartialList {
        guard let values = json?.arrayValue else { throw .unexpectedShape(missing: name()) }
        let list = PartialList(reading: values)
        guard !list.isEmpty || list.isWhole else { throw .unexpectedShape(missing: name()) }
        return list
    }

    /// Reads each element by itself.
    init(reading values: [JSONValue]) {
        self.init(values, idKey: Element.members.first?.name ?? "") { (json) throws(APIError) in
            try Element(json: json)
        }
    }

    public func write(to writer: inout JSONWriter, as form: WireForm) {
        writer.beginArray()
        for element in elements { element.write(to: &writer, as: form) }
        writer.endArray()
    }
}
