/// The wrapper of every REST answer except those of `/` and `/health`.
public struct Envelope: Hashable, Sendable {
    /// Whether the server did what the request asked.
    public var isSuccess: Bool
    /// A message in Portuguese, shown to people unchanged.
    public var message: String
    /// The requested data; nil when there is none.
    public var data: JSONValue?

    enum Fields {
        static let isSuccess = Field<Bool>("success", "Whether the server did what the request asked.")
        static let message = Field<String>(
            "message", "The result in Portuguese, shown to people unchanged.", isRequired: false)
        static let data = Field<JSONValue>(
            "data", "The requested data; left out when there is none.", isRequired: false)
    }

    /// The members, with `data` as each endpoint declares it.
    public static var members: [FieldDescription] {
        [Fields.isSuccess.description, Fields.message.description, Fields.data.description]
    }

    public init(isSuccess: Bool, message: String, data: JSONValue? = nil) {
        self.isSuccess = isSuccess
        self.message = message
        self.data = data
    }

    /// Reads an envelope; only `success` is required.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "envelope")
        isSuccess = try fields[Fields.isSuccess]
        message = fields.optional(Fields.message) ?? ""
        data = fields.optional(Fields.data)
    }

    /// The body of a success without data.
    public static func success(message: String = "Success") -> [UInt8] {
        encoded(isSuccess: true, message: message) { _ in }
    }

    /// The body of a success.
    /// - Parameters:
    ///   - data: Writes the members of `data`, each a key and a value.
    ///   - beside: Writes members beside the envelope's own.
    public static func success(
        message: String = "Success", data: (inout JSONWriter) -> Void,
        beside: (inout JSONWriter) -> Void = { _ in }
    ) -> [UInt8] {
        encoded(isSuccess: true, message: message) { writer in
            writer.key(Fields.data.name)
            writer.beginObject()
            data(&writer)
            writer.endObject()
            beside(&writer)
        }
    }

    /// The body of a refusal.
    public static func failure(message: String) -> [UInt8] {
        encoded(isSuccess: false, message: message) { _ in }
    }

    private static func encoded(isSuccess: Bool, message: String, _ rest: (inout JSONWriter) -> Void)
        -> [UInt8]
    {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member(Fields.isSuccess, isSuccess)
        writer.member(Fields.message, message)
        rest(&writer)
        writer.endObject()
        return writer.finished()
    }
}
