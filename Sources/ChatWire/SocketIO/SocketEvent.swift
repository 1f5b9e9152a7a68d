/// An event of the other side, whole and checked: its payload is a JSON array that begins with the
/// event's name.
public struct SocketEvent: Hashable, Sendable {
    /// The namespace in which it was sent.
    public var namespace: String
    /// The array, as `ClientEvent.decode` and `ServerEvent.decode` take it.
    public var payload: ArraySlice<UInt8>
    /// Set when the other side asks for an acknowledgement.
    public var acknowledgementID: UInt64?
    /// The binary parts, in the order of the placeholders' numbers.
    public var attachments: [[UInt8]]

    /// An event; the parameters are the properties of the same names.
    public init(
        namespace: String = "/", payload: ArraySlice<UInt8>, acknowledgementID: UInt64? = nil,
        attachments: [[UInt8]] = []
    ) {
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
