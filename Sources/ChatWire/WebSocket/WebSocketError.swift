/// How the peer violated RFC 6455 or exceeded our limits, or how the connection was lost.
///
/// Every case ends the connection; ``closeCode`` is what the peer is told.
public enum WebSocketError: Error, Hashable, Sendable {
    /// Reserved bits are set, although no extension was negotiated; the three bits as 0b001 to 0b111.
    case reservedBits(UInt8)
    case unknownOpcode(UInt8)
    /// A client sent a frame without masking it.
    case unmaskedFrame
    /// A server sent a masked frame.
    case maskedFrame
    case fragmentedControlFrame(WebSocketOpcode)
    /// A control frame has more than 125 bytes.
    case controlFrameTooLong(WebSocketOpcode)
    /// A payload length uses more bytes than it needs.
    case nonMinimalLength(UInt64)
    /// A 64-bit payload length has its highest bit set.
    case lengthOutOfRange(UInt64)
    /// A continuation frame arrived while no message was open.
    case unexpectedContinuation
    /// A new message began before the last one had ended.
    case unfinishedMessage
    /// Text, or the reason of a close, is not UTF-8.
    case invalidUTF8
    /// A close frame has a body of one byte.
    case closePayloadTooShort
    case invalidCloseCode(UInt16)
    /// A message exceeds the limit. It is found from the frame's header, before its payload is stored. `length` is
    /// the length of the message as far as announced.
    case messageTooBig(length: UInt64, limit: Int)
    case tooManyFragments(limit: Int)
    /// The transport ended without a close handshake.
    case connectionLost

    /// The code for the close frame (RFC 6455 section 7.4.1); 1006 when none can be sent any more.
    public var closeCode: WebSocketCloseCode {
        switch self {
        case .invalidUTF8: .invalidPayloadData
        case .messageTooBig, .tooManyFragments: .messageTooBig
        case .connectionLost: .abnormalClosure
        case .reservedBits, .unknownOpcode, .unmaskedFrame, .maskedFrame, .fragmentedControlFrame,
            .controlFrameTooLong, .nonMinimalLength, .lengthOutOfRange, .unexpectedContinuation,
            .unfinishedMessage, .closePayloadTooShort, .invalidCloseCode:
            .protocolError
        }
    }

    /// The reason in the close frame, for people; empty where the code says enough. In the words of the recorded
    /// server.
    public var closeReason: String {
        guard case .messageTooBig(let length, let limit) = self else { return "" }
        return "Incoming frame of \(length) bytes is above length limit of \(limit) bytes."
    }
}
