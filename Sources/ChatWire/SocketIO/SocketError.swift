/// Why a message is not valid Socket.IO, or does not fit the state of the session.
public enum SocketError: Error, Hashable, Sendable {
    case emptyPacket
    /// A kind that is not one of `0` to `6`.
    case unknownKind(UInt8)
    /// A binary packet without its number of attachments.
    case missingAttachmentCount
    case tooManyAttachments(limit: Int)
    /// The attachments of one packet together exceed the limit.
    case attachmentsTooBig(limit: Int)
    /// A binary message that no packet announced.
    case unexpectedAttachment
    /// The next packet arrived before all attachments of the last one.
    case missingAttachments(Int)
    /// A placeholder for an attachment that does not exist.
    case invalidPlaceholder
    /// A namespace that exceeds the limit or is not UTF-8.
    case invalidNamespace
    /// An acknowledgement id that does not fit 64 bits, or a missing id where one is required.
    case invalidAcknowledgementID
    /// A payload that is not JSON.
    case payload(JSONError)
    /// A payload that does not fit the packet's kind: an event that is not an array with a name, a connect that is
    /// not an object.
    case unexpectedPayload(SocketPacket.Kind)
    /// An event whose name the protocol reserves.
    case reservedEvent(String)
    /// A packet for a namespace that is not connected, or a second connect to one that is.
    case unexpectedPacket(SocketPacket.Kind, namespace: String)
    /// The client did not connect to any namespace in time.
    case connectTimeout
}
