/// Why a server did not connect a namespace: `{"message":…}`, with or without `data`, or a bare string.
public struct ConnectRefusal: Hashable, Sendable {
    /// Empty when the server gave no reason.
    public var message: String
    /// What the server adds to its reason.
    public var data: JSONValue?

    public init(message: String, data: JSONValue? = nil) {
        self.message = message
        self.data = data
    }

    init(json: JSONValue) {
        message = json.stringValue ?? json["message"]?.stringValue ?? ""
        data = json["data"]
    }
}
