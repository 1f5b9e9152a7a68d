/// What every REST answer but those of `/` and `/health` is wrapped in.
public struct Envelope: Hashable, Sendable {
    /// Whether the server did what was asked.
    public var isSuccess: Bool
    /// In Portuguese, and shown to people as it is.
    public var message: String
    /// What was asked for; nil when there is nothing to give.
    public var data: JSONValue?

    /// An envelope.
    public init(isSuccess: Bool, message: String, data: JSONValue? = nil) {
        self.isSuccess = isSuccess
        self.message = message
        self.data = data
    }

    /// Reads an envelope; only `success` has to be there.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "envelope")
        isSuccess = try fields.require(fields["success"]?.boolValue, "success")
        message = fields.optionalText("message") ?? ""
        data = fields["data"]
    }

    /// The body of a success without data.
    public static func success(message: String = "Success") -> [UInt8] {
        encoded(isSuccess: true, message: message) { _ in }
    }

    /// The body of a success.
    /// - Parameter data: Writes the members of `data`, each a key and a value.
    public static func success(message: String = "Success", data: (inout JSONWriter) -> Void) -> [UInt8] {
        encoded(isSuccess: true, message: message) { writer in
            writer.key("data")
            writer.beginObject()
            data(&writer)
            writer.endObject()
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
        writer.key("success")
        writer.bool(isSuccess)
        writer.key("message")
        writer.string(message)
        rest(&writer)
        writer.endObject()
        return writer.finished()
    }
}
