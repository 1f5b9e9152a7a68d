/// An Engine.IO packet in its text form, ready for a websocket text frame or a polling payload. A packet that is
/// encoded once and sent to many sockets shares one array.
public struct EncodedPacket: Hashable, Sendable {
    /// The packet's type digit and its payload, in UTF-8.
    public let bytes: [UInt8]

    /// A packet that is already encoded: a type digit and the payload.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}

extension JSONWriter {
    /// A writer that already holds `4` (message), `2` (event) and the acknowledgement id, if any: the start of an
    /// event in the namespace `/`.
    init(eventWith acknowledgementID: UInt64?, capacity: Int) {
        self.init(capacity: capacity)
        prefix("42")
        if let acknowledgementID { prefix(number: acknowledgementID) }
    }
}
