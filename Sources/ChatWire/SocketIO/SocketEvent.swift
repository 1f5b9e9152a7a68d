/// An event from the other side. Its payload is a complete, checked JSON array that begins with the event's name,
/// unless it is not readable.
public struct SocketEvent: Hashable, Sendable {
    /// The namespace of the event.
    public var namespace: String
    /// The array, as `ClientEvent.decode` and `ServerEvent.decode` take it.
    public var payload: ArraySlice<UInt8>
    /// The id of the acknowledgement that the other side requests, if any.
    public var acknowledgementID: UInt64?
    /// The binary parts, in the order of the placeholders' numbers.
    public var attachments: [[UInt8]]
    /// False when only the event's name can be read from the payload. Only servers receive such events, so that they
    /// can report the error.
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

    /// The event in a packet.
    init(_ packet: SocketPacket, attachments: [[UInt8]] = [], isReadable: Bool = true) {
        self.init(
            namespace: packet.namespace, payload: packet.payload,
            acknowledgementID: packet.acknowledgementID, attachments: attachments, isReadable: isReadable)
    }

    /// The name and the arguments as JSON.
    public func decoded() throws(JSONError) -> [JSONValue] {
        try JSONValue(parsing: payload).arrayValue ?? []
    }
}
