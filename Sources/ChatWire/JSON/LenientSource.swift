/// One value of the API in any of the forms that it may have, read either from the bytes or from a tree. Each method
/// consumes the value and returns nil when its kind does not fit.
protocol LenientSource {
    /// Why the bytes are not JSON; a tree always is.
    associatedtype Failure: Error

    /// An integer: `3`, `3.0` or `"3"`.
    mutating func lenientInteger() throws(Failure) -> Int64?
    /// A string, or a number as text.
    mutating func lenientText() throws(Failure) -> String?
    /// A truth value: `true`, `false`, `1` or `0`.
    mutating func lenientFlag() throws(Failure) -> Bool?
    /// A string, and nothing else.
    mutating func optionalString() throws(Failure) -> String?
    /// A time in either form of the API.
    mutating func lenientTimestamp() throws(Failure) -> Timestamp?
    /// An object.
    mutating func object<Parts: ObjectParts>(_ parts: Parts.Type) throws(Failure) -> Parts.Whole?
    mutating func skipValue() throws(Failure)
}

/// A key of an object, compared with the names of members.
protocol MemberKey {
    static func == (key: Self, name: StaticString) -> Bool
}

/// What has been read of an object. Its `read` is the one table from the names of the members to their values, for
/// bytes and trees.
protocol ObjectParts {
    associatedtype Whole

    /// The object's name in errors.
    static var name: StaticString { get }

    init()
    /// Reads or skips the value of a member. The last of equal members counts.
    mutating func read<Source: LenientSource>(
        _ key: some MemberKey, from source: inout Source
    ) throws(Source.Failure)
    /// The object; throws the name of a required member that is missing.
    func whole() throws(APIError) -> Whole
}

extension ObjectParts {
    /// The value of a required member.
    static func require<Value>(_ value: Value?, _ member: Field<some WireValue>) throws(APIError) -> Value {
        guard let value else { throw .unexpectedShape(missing: "\(name).\(member.name)") }
        return value
    }

    /// Reads an object from a tree.
    static func read(_ json: JSONValue) throws(APIError) -> Whole {
        guard case .object(let object) = json else {
            throw .unexpectedShape(missing: name.description)
        }
        var parts = Self()
        for member in object.members {
            var source = TreeSource(value: member.value)
            parts.read(TreeKey(text: member.key), from: &source)
        }
        return try parts.whole()
    }
}

// MARK: - Bytes

extension JSONReader.Key: MemberKey {}

extension JSONReader: LenientSource {
    /// An object, read without building a tree. Nil when the value is well-formed but not such an object; it is
    /// consumed in that case too.
    mutating func object<Parts: ObjectParts>(_: Parts.Type) throws(JSONError) -> Parts.Whole? {
        guard try peekKind() == .object else {
            try skipValue()
            return nil
        }
        var parts = Parts()
        try beginObject()
        while let key = try nextKey() {
            try parts.read(key, from: &self)
        }
        return try? parts.whole()
    }
}

// MARK: - Trees

struct TreeKey: MemberKey {
    let text: String

    static func == (key: TreeKey, name: StaticString) -> Bool {
        key.text.utf8.count == name.utf8CodeUnitCount
            && key.text.utf8.elementsEqual(
                UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
}

private struct TreeSource: LenientSource {
    let value: JSONValue

    func lenientInteger() -> Int64? { value.integerValue }
    func lenientText() -> String? { String(lenient: value) }
    func lenientFlag() -> Bool? { value.boolValue }
    func optionalString() -> String? { value.stringValue }
    func lenientTimestamp() -> Timestamp? { Timestamp(lenient: value) }
    func object<Parts: ObjectParts>(_ parts: Parts.Type) -> Parts.Whole? { try? Parts.read(value) }
    func skipValue() {}
}
