/// Why a frame or a payload is not valid Engine.IO.
public enum EngineError: Error, Hashable, Sendable {
    /// A packet without a type.
    case emptyPacket
    /// A type that is not one of `0` to `6`.
    case unknownPacketType(UInt8)
    /// An open packet without a valid handshake.
    case invalidHandshake
    /// The client pings or the server pongs: version 4 does it the other way round.
    case wrongHeartbeatDirection
    /// A packet or a whole payload exceeds the limit of the handshake.
    case tooBig(length: Int, limit: Int)
    /// A payload has more packets than are accepted at once.
    case tooManyPackets(limit: Int)
    /// A `b` packet of a polling payload that is not base64.
    case invalidBase64
}
