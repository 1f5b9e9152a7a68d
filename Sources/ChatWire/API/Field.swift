/// A member of a JSON object in the API: its name, the type of its value, and what it means. Both ends read and write
/// the member through this one declaration.
public struct Field<Value: WireValue>: Sendable {
    /// The key on the wire.
    public let name: StaticString
    /// What the value means, with its unit and its limits.
    public let summary: StaticString
    /// Whether every object of this kind has the member.
    public let isRequired: Bool

    public init(_ name: StaticString, _ summary: StaticString, isRequired: Bool = true) {
        self.name = name
        self.summary = summary
        self.isRequired = isRequired
    }

    /// The declaration as data.
    public var description: FieldDescription {
        FieldDescription(
            name: name.description, summary: summary.description, isRequired: isRequired, schema: Value.schema
        )
    }

    /// The member with any JSON as its value: the real server returns what it was sent.
    public func echoing(_ json: JSONValue) -> JSONObject.Member {
        JSONObject.Member(key: name.description, value: json)
    }
}

extension Field where Value: WireScalar {
    /// The member with this value.
    public func callAsFunction(_ value: Value) -> JSONObject.Member { echoing(value.json) }
}

/// A member of an object as data, from which the API can be described in another language.
public struct FieldDescription: Hashable, Sendable {
    public var name: String
    /// What the value means, with its unit and its limits.
    public var summary: String
    public var isRequired: Bool
    public var schema: WireSchema
}

extension JSONObject {
    /// The value of a member, as it was sent.
    public subscript<Value>(field: Field<Value>) -> JSONValue? {
        get { self[field.name] }
        set { self[field.name.description] = newValue }
    }

    /// The value of the last member with this key; an object without such a member returns nil.
    subscript(name: StaticString) -> JSONValue? {
        let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return members.last { $0.key.utf8.count == name.count && $0.key.utf8.elementsEqual(name) }?.value
    }
}

extension JSONValue {
    /// The value of a member, as it was sent; nil when this is not an object or has no such member.
    public subscript<Value>(field: Field<Value>) -> JSONValue? { objectValue?[field] }
}

extension JSONWriter {
    /// Writes a member.
    public mutating func member<Value>(_ field: Field<Value>, _ value: Value, as form: WireForm = .object) {
        key(field.name)
        value.write(to: &self, as: form)
    }

    /// Writes a member that is null without a value.
    public mutating func member<Value>(_ field: Field<Value>, _ value: Value?, as form: WireForm = .object) {
        key(field.name)
        guard let value else { return null() }
        value.write(to: &self, as: form)
    }

    /// Writes a member, unless there is no value.
    public mutating func member<Value>(
        _ field: Field<Value>, ifPresent value: Value?, as form: WireForm = .object
    ) {
        guard let value else { return }
        member(field, value, as: form)
    }
}
