/// Why a message is no Socket.IO, or none that fits the state of the session.
public enum SocketError: Error, Hashable, Sendable {
    case emptyPacket
    /// Not one of `0` to `6`.
    case unknownKind(UInt8)
    /// A binary packet that does not say how many attachments follow.
    case missingAttachmentCount
    case tooManyAttachments(limit: Int)
    /// The attachments of one packet together are beyond the limit.
    case attachmentsTooBig(limit: Int)
    /// A binary message that no packet announced.
    case unexpectedAttachment
    /// The next packet came before all attachments of the last one.
    case missingAttachments(Int)
    /// A placeholder for an attachment that does not exist.
    case invalidPlaceholder
    /// A namespace beyond the limit, or not UTF-8.
    case invalidNamespace
    /// An acknowledgement id that 64 bits do not hold, or none where one is needed.
    case invalidAcknowledgementID
    /// A payload that is not JSON.
    case payload(JSONError)
    /// A payload that the packet's kind does not have: an event that is no array with a name, a
    /// connect with something else than an object.
    case unexpectedPayload(SocketPacket.Kind)
    /// An event by a name that the protocol keeps for itself.
    case reservedEvent(String)
    /// A packet for a namespace that is not connected, or a second connect to one that is.
    case unexpectedPacket(SocketPacket.Kind, namespace: String)
    /// The client did not connect to any namespace in time.
    case connectTimeout
}
