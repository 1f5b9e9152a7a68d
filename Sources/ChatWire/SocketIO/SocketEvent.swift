/// An event of the other side: its payload is a JSON array that begins with the event's name, whole and checked
/// unless it is not readable.
public struct SocketEvent: Hashable, Sendable {
    /// The namespace in which it was sent.
    public var namespace: String
    /// The array, as `ClientEvent.decode` and `ServerEvent.decode` take it.
    public var payload: ArraySlice<UInt8>
    /// Set when the other side asks for an acknowledgement.
    public var acknowledgementID: UInt64?
    /// The binary parts, in the order of the placeholders' numbers.
    public var attachments: [[UInt8]]
    /// False when no more than the event's name can be read of the payload. Only servers are told of such events,
    /// so that they can say so.
    public var isReadable: Bool

    /// An event; the parameters are the properties of the same names.
    public init(
        namespace: String = "/", payload: ArraySlice<UInt8>, acknowledgementID: UInt64? = nil,
        attachments: [[UInt8]] = [], isReadable: Bool = true
    ) {
        self.isReadable = isReadable
        self.namespace = namespace
        self.payload = payload
        self.acknowledgementID = acknowledgementID
        self.attachments = attachments
    }

    /// The name and the arguments as JSON.
    public func decoded() throws(JSONError) -> [JSONValue] {
        try JSONValue(parsing: payload).arrayValue ?? []
    }
}
