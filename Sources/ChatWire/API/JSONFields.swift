/// The members of one object, read leniently: a missing optional member equals null, ids may be numbers or text, and
/// names may be text or numbers.
struct JSONFields {
    private let object: JSONObject
    private let name: String

    /// - Parameter name: The object's name in errors.
    init(_ value: JSONValue?, _ name: String) throws(APIError) {
        guard let object = value?.objectValue else { throw .unexpectedShape(missing: name) }
        self.object = object
        self.name = name
    }

    /// The value of a member that must be there.
    subscript<Value>(field: Field<Value>) -> Value {
        get throws(APIError) {
            try Value.read(object[field.name], named: "\(name).\(field.name)")
        }
    }

    /// The elements of a list, unread.
    func array<Value>(_ field: Field<Value>) throws(APIError) -> [JSONValue] {
        guard let values = object[field.name]?.arrayValue else {
            throw missing(field)
        }
        return values
    }

    /// The error that names a member.
    func missing<Value>(_ field: Field<Value>) -> APIError {
        .unexpectedShape(missing: "\(name).\(field.name)")
    }

    /// Whether there is such a member.
    func has<Value>(_ field: Field<Value>) -> Bool { object[field.name] != nil }

    /// The value of a member that may be missing, or of another kind.
    func optional<Value: WireScalar>(_ field: Field<Value>) -> Value? {
        object[field.name].flatMap { Value(lenient: $0) }
    }
}
