/// The members of one object, read leniently: a missing optional member equals null, ids may be numbers or text, and
/// names may be text or numbers.
struct JSONFields {
    let object: JSONObject
    let name: String

    /// - Parameter name: The object's name in errors.
    init(_ value: JSONValue?, _ name: String) throws(APIError) {
        guard let object = value?.objectValue else { throw .unexpectedShape(missing: name) }
        self.object = object
        self.name = name
    }

    subscript(key: String) -> JSONValue? { object[key] }

    func require<Value>(_ value: Value?, _ key: String) throws(APIError) -> Value {
        guard let value else { throw .unexpectedShape(missing: "\(name).\(key)") }
        return value
    }

    func integer(_ key: String) throws(APIError) -> Int64 { try require(object[key]?.integerValue, key) }

    func text(_ key: String) throws(APIError) -> String { try require(optionalText(key), key) }

    func optionalText(_ key: String) -> String? {
        switch object[key] {
        case .string(let text): text
        case .integer(let integer): String(integer)
        case .double(let double): String(double)
        default: nil
        }
    }

    func flag(_ key: String) -> Bool { object[key]?.boolValue ?? false }

    func timestamp(_ key: String) throws(APIError) -> Timestamp { try require(optionalTimestamp(key), key) }

    func optionalTimestamp(_ key: String) -> Timestamp? {
        object[key]?.stringValue.flatMap(WireDate.parse)
    }

    func fields(_ key: String) throws(APIError) -> JSONFields {
        try JSONFields(object[key], "\(name).\(key)")
    }

    /// A list. One with elements of which none can be read does not belong to this API.
    /// - Parameter idKey: The member that identifies an unreadable element.
    func list<Element>(
        _ key: String, idKey: String = "id", of decode: (JSONValue) throws(APIError) -> Element
    ) throws(APIError) -> PartialList<Element> {
        let list = PartialList(try require(object[key]?.arrayValue, key), idKey: idKey, of: decode)
        return try require(list.isEmpty && !list.isWhole ? nil : list, key)
    }
}
