/// A server's description of itself, at its root.
public struct ServerInformation: Hashable, Sendable {
    /// The name of the API.
    public var name: String
    /// The version of the API; empty when the server does not say.
    public var version: String
    /// The extensions that both the server and this module know.
    public var capabilities: Set<Capability>

    /// Identifies the server's database: another text means that confirmed data may be gone. Nil when the server does
    /// not say.
    public var epoch: String?

    public init(
        name: String, version: String, capabilities: Set<Capability> = [], epoch: String? = nil
    ) {
        self.name = name
        self.version = version
        self.capabilities = capabilities
        self.epoch = epoch
    }

    /// Reads the answer to `GET /`. Unknown capabilities are ignored.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "information")
        name = try fields.text("name")
        version = fields.optionalText("version") ?? ""
        epoch = fields.optionalText("epoch")
        let announced = fields["capabilities"]?.arrayValue ?? []
        capabilities = Set(announced.compactMap { $0.stringValue.flatMap(Capability.init(rawValue:)) })
    }

    /// Writes the answer to `GET /`. Without capabilities it has no such key, like the real server's.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("name")
        writer.string(name)
        writer.key("version")
        writer.string(version)
        writer.key("status")
        writer.string("running")
        writer.key("endpoints")
        writer.value([
            "auth": "/api/auth", "contacts": "/api/contacts", "messages": "/api/messages",
        ])
        if !capabilities.isEmpty {
            writer.key("capabilities")
            writer.beginArray()
            for capability in Capability.allCases where capabilities.contains(capability) {
                writer.string(capability.rawValue)
            }
            writer.endArray()
        }
        if let epoch {
            writer.key("epoch")
            writer.string(epoch)
        }
        writer.endObject()
    }
}
