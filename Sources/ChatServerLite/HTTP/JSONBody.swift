import ChatWire

/// A request's body as a JSON object, read as leniently as existing clients need.
struct JSONBody: Sendable {
    private let object: JSONObject

    /// - Throws: `invalidData` unless the body is a JSON object with at least one member and the
    ///   `Content-Type` says that it is JSON.
    init(_ request: RouteRequest) throws(RouteError) {
        guard Self.isJSON(request.headers["Content-Type"]),
            let value = try? JSONValue(parsing: Self.withoutMark(request.body), limits: Self.limits),
            let object = value.objectValue, !object.isEmpty
        else { throw .refused(.invalidData) }
        self.object = object
    }

    private static let limits = JSONLimits(depthMax: 32, bytesMax: 1 << 20, valuesMax: 10_000)

    /// The body without the byte order mark that some programs write (RFC 8259 section 8.1).
    private static func withoutMark(_ body: [UInt8]) -> ArraySlice<UInt8> {
        body.starts(with: [0xEF, 0xBB, 0xBF]) ? body.dropFirst(3) : body[...]
    }

    /// Whether the type is `application/json` or `application/*+json`, with or without parameters.
    static func isJSON(_ contentType: String?) -> Bool {
        guard let contentType else { return false }
        let type = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        return type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json"))
    }

    subscript<Value>(field: Field<Value>) -> JSONValue? { object[field] }

    /// The members of these names that are not blank, as they were sent.
    func present(_ fields: [FieldDescription]) -> JSONObject {
        JSONObject(
            fields.compactMap { field in
                guard let value = object[field.name], !object[field.name].isFalsy else { return nil }
                return JSONObject.Member(key: field.name, value: value)
            })
    }

    /// Whether Python treats the member as false: absent, null, false, zero or empty.
    func isBlank<Value>(_ field: Field<Value>) -> Bool { object[field].isFalsy }

    /// The member as text; empty when it is absent.
    ///
    /// - Throws: `invalidData` when the member is anything else, null included.
    func text(_ field: Field<String>) throws(RouteError) -> String {
        guard let value = object[field] else { return "" }
        guard let text = value.stringValue else { throw .refused(.invalidData) }
        return text
    }

    /// The user id in the member.
    ///
    /// - Throws: `missing` for a value that Python treats as false, `unknown` for one that cannot be a user
    ///   id, and `invalidData` for lists and objects.
    func userID(
        _ field: Field<UserID>, missing: Refusal, unknown: Refusal
    ) throws(RouteError) -> UserID {
        do {
            return try EventFields.userID(object[field], missing: missing, unknown: unknown)
        } catch {
            throw .refused(error)
        }
    }
}

extension JSONValue {
    /// Whether Python can compare the value with a number.
    var isNumber: Bool {
        switch self {
        case .integer, .double, .bool: true
        default: false
        }
    }
}

extension Optional<JSONValue> {
    /// Whether Python treats the value as false.
    var isFalsy: Bool {
        switch self {
        case nil, .null, .bool(false), .integer(0), .double(0): true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }
}

/// Reads user ids from bodies and events.
enum EventFields {
    /// Reads an integer, an integral float, a text of digits, or `true`. To the real server `true` is 1.
    static func userID(
        _ value: JSONValue?, missing: Refusal, unknown: Refusal
    ) throws(Refusal) -> UserID {
        if value.isFalsy { throw missing }
        switch value {
        case .array, .object: throw .invalidData
        case .bool: return UserID(1)
        default:
            guard let number = value?.integerValue, number > 0 else { throw unknown }
            return UserID(number)
        }
    }
}
