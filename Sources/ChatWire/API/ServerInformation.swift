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
}

extension ServerInformation: WireObject {
    private enum Fields {
        static let name = Field<String>("name", "The name of the API.")
        static let version = Field<String>("version", "The version of the API.", isRequired: false)
        static let status = Field<String>("status", "`running`.", isRequired: false)
        static let endpoints = Field<EndpointRoots>(
            "endpoints", "The paths of the groups of endpoints.", isRequired: false)
        static let capabilities = Field<CapabilityList>(
            "capabilities", "The extensions that the server has.", isRequired: false)
        static let epoch = Field<String>(
            "epoch", "Identifies the database: another text means that confirmed data may be gone.",
            isRequired: false)
    }

    public static var members: [FieldDescription] {
        [
            Fields.name.description, Fields.version.description, Fields.status.description,
            Fields.endpoints.description, Fields.capabilities.description, Fields.epoch.description,
        ]
    }

    /// Reads the answer to `GET /`. Unknown capabilities are ignored.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "information")
        name = try fields[Fields.name]
        version = fields.optional(Fields.version) ?? ""
        epoch = fields.optional(Fields.epoch)
        capabilities = fields.optional(Fields.capabilities)?.capabilities ?? []
    }

    /// Writes the answer to `GET /`. Without capabilities it has no such key, like the real server's.
    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        writer.member(Fields.name, name)
        writer.member(Fields.version, version)
        writer.member(Fields.status, "running")
        writer.member(Fields.endpoints, EndpointRoots())
        if !capabilities.isEmpty {
            writer.member(Fields.capabilities, CapabilityList(capabilities: capabilities))
        }
        writer.member(Fields.epoch, ifPresent: epoch)
    }

    /// The groups of endpoints, as recorded.
    private struct EndpointRoots: WireScalar {
        static var schema: WireSchema { .object([]) }

        init() {}
        init?(lenient json: JSONValue) {}

        var json: JSONValue {
            ["auth": "/api/auth", "contacts": "/api/contacts", "messages": "/api/messages"]
        }
    }

    private struct CapabilityList: WireScalar {
        static var schema: WireSchema { .list(of: .word(Capability.allCases.map(\.rawValue))) }

        var capabilities: Set<Capability>

        init(capabilities: Set<Capability>) { self.capabilities = capabilities }

        init?(lenient json: JSONValue) {
            guard let words = json.arrayValue else { return nil }
            capabilities = Set(words.compactMap { $0.stringValue.flatMap(Capability.init(rawValue:)) })
        }

        var json: JSONValue {
            .array(Capability.allCases.filter(capabilities.contains).map { .string($0.rawValue) })
        }
    }
}

/// Whether a server works.
public struct ServerHealth: Hashable, Sendable {
    /// Whether the server and its database are healthy.
    public var isHealthy: Bool

    public init(isHealthy: Bool) { self.isHealthy = isHealthy }
}

extension ServerHealth: WireObject {
    private enum Fields {
        static let status = Field<String>("status", "`OK` or `ERROR`.")
        static let database = Field<String>("database", "`connected` or `disconnected`.")
        static let message = Field<String>("message", "The state in words.")
    }

    public static var members: [FieldDescription] {
        [Fields.status.description, Fields.database.description, Fields.message.description]
    }

    /// Reads any answer: a success is one by its HTTP status.
    public init(json: JSONValue) {
        isHealthy = json[Fields.status]?.stringValue != "ERROR"
    }

    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        writer.member(Fields.status, isHealthy ? "OK" : "ERROR")
        writer.member(Fields.database, isHealthy ? "connected" : "disconnected")
        writer.member(
            Fields.message, isHealthy ? "API is running correctly" : "API is not running perfectly")
    }
}
