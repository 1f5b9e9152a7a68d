/// One Engine.IO packet as a transport carries it: a websocket frame, or a part of a polling
/// payload.
public enum EngineFrame: Hashable, Sendable {
    /// A packet in its text form: a type digit and the payload, in UTF-8.
    case text([UInt8])
    /// A binary message: only its bytes.
    case binary([UInt8])

    /// The frame of an encoded packet.
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
