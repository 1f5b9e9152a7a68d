/// How much of the other side's Socket.IO is accepted.
public struct SocketLimits: Hashable, Sendable {
    /// The number of attachments of one packet.
    public var attachmentsMax: Int
    /// The bytes of all attachments of one packet.
    public var attachmentBytesMax: Int
    /// The bytes of a namespace.
    public var namespaceLengthMax: Int
    /// The limits on the JSON of a packet.
    public var json: JSONLimits

    /// Limits; omitted ones are as in `standard`.
    public init(
        attachmentsMax: Int = 32, attachmentBytesMax: Int = 4 << 20, namespaceLengthMax: Int = 128,
        json: JSONLimits = JSONLimits(bytesMax: 4 << 20, valuesMax: 200_000)
    ) {
        self.attachmentsMax = attachmentsMax
        self.attachmentBytesMax = attachmentBytesMax
        self.namespaceLengthMax = namespaceLengthMax
        self.json = json
    }

    /// Enough for every packet within the server's `maxPayload`, and little more.
    public static let standard = SocketLimits()
}
