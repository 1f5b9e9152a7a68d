/// Everything in a frame except its payload (RFC 6455 section 5.2). The reserved bits are always zero here.
public struct WebSocketFrameHeader: Hashable, Sendable {
    public var isFinal: Bool
    public var opcode: WebSocketOpcode
    /// Nil when the payload is not masked.
    public var maskingKey: WebSocketMaskingKey?
    /// In bytes, never negative.
    public var payloadLength: Int

    public init(
        isFinal: Bool = true, opcode: WebSocketOpcode, maskingKey: WebSocketMaskingKey? = nil,
        payloadLength: Int
    ) {
        self.isFinal = isFinal
        self.opcode = opcode
        self.maskingKey = maskingKey
        self.payloadLength = payloadLength
    }

    /// The longest payload of a control frame (RFC 6455 section 5.5).
    public static let controlPayloadLimit = 125
    /// The longest header: two bytes, eight for the length and four for the key.
    public static let encodedLengthLimit = 14
}
