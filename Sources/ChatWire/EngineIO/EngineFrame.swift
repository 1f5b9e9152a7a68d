/// One Engine.IO packet as a transport carries it: a websocket frame, or a part of a polling
/// payload.
public enum EngineFrame: Hashable, Sendable {
    /// A packet in its text form: a type digit and the payload, in UTF-8.
    case text([UInt8])
    /// A binary message: nothing but its bytes.
    case binary([UInt8])

    /// The frame of a packet that has been encoded.
    public init(_ packet: EncodedPacket) {
        self = .text(packet.bytes)
    }

    /// The bytes that go over the wire in a websocket frame.
    public var bytes: [UInt8] {
        switch self {
        case .text(let bytes), .binary(let bytes): bytes
        }
    }
}
