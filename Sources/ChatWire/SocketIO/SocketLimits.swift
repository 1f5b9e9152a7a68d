/// How much of another's Socket.IO is taken.
public struct SocketLimits: Hashable, Sendable {
    /// Attachments of one packet.
    public var attachmentsMax: Int
    /// Bytes of all attachments of one packet.
    public var attachmentBytesMax: Int
    /// Bytes of a namespace.
    public var namespaceLengthMax: Int
    /// The JSON of a packet.
    public var json: JSONLimits

    /// Limits; what is left out is as in `standard`.
    public init(
        attachmentsMax: Int = 32, attachmentBytesMax: Int = 4 << 20, namespaceLengthMax: Int = 128,
        json: JSONLimits = JSONLimits(bytesMax: 4 << 20, valuesMax: 200_000)
    ) {
        self.attachmentsMax = attachmentsMax
        self.attachmentBytesMax = attachmentBytesMax
        self.namespaceLengthMax = namespaceLengthMax
        self.json = json
    }

    /// Room for every packet within the server's `maxPayload`, and not much more.
    public static let standard = SocketLimits()
}
