/// Reads frame headers from a stream of bytes, in pieces of any size.
///
/// It stores only what it has read of one header: payloads never pass through it. After it has returned a header, the
/// caller takes its `payloadLength` bytes from the input and asks again. Each rule is checked at the first byte that
/// can break it. After an error the stream is lost.
public struct WebSocketFrameDecoder: Hashable, Sendable {
    private enum Step: Hashable {
        case firstByte
        case secondByte
        case extendedLength(size: Int, missing: Int)
        case maskingKey(missing: Int)
    }

    private let role: WebSocketRole
    private var step = Step.firstByte
    private var isFinal = true
    private var opcode = WebSocketOpcode.continuation
    private var isMasked = false
    private var length: UInt64 = 0
    private var key: UInt32 = 0

    /// - Parameter role: the role of this end; a server accepts only masked frames, a client only unmasked ones.
    public init(role: WebSocketRole) {
        self.role = role
    }

    /// Whether a part of a header has been read.
    public var isInsideHeader: Bool {
        step != .firstByte
    }

    /// Takes a header, or its available part, from the front of `input`. Returns nil when it needs more bytes.
    public mutating func nextHeader(
        _ input: inout UnsafeRawBufferPointer
    ) throws(WebSocketError) -> WebSocketFrameHeader? {
        var index = 0
        defer { input = UnsafeRawBufferPointer(rebasing: input[index...]) }
        while index < input.count {
            let byte = input[index]
            index &+= 1
            switch step {
            case .firstByte:
                try readFirst(byte)
                step = .secondByte
            case .secondByte:
                guard try readSecond(byte) else { return finish() }
            case .extendedLength(let size, let missing):
                length = length &<< 8 | UInt64(byte)
                if missing > 1 {
                    step = .extendedLength(size: size, missing: missing &- 1)
                    continue
                }
                try checkExtendedLength(size: size)
                guard isMasked else { return finish() }
                step = .maskingKey(missing: 4)
            case .maskingKey(let missing):
                // Four of these replace the previous key completely.
                key = key &>> 8 | UInt32(byte) &<< 24
                guard missing > 1 else { return finish() }
                step = .maskingKey(missing: missing &- 1)
            }
        }
        return nil
    }

    private mutating func readFirst(_ byte: UInt8) throws(WebSocketError) {
        let reserved = byte &>> 4 & 0b111
        guard reserved == 0 else { throw .reservedBits(reserved) }
        guard let known = WebSocketOpcode(rawValue: byte & 0xF) else { throw .unknownOpcode(byte & 0xF) }
        opcode = known
        isFinal = byte & 0x80 != 0
        guard isFinal || !known.isControl else { throw .fragmentedControlFrame(known) }
    }

    /// Returns whether more of the header follows.
    private mutating func readSecond(_ byte: UInt8) throws(WebSocketError) -> Bool {
        isMasked = byte & 0x80 != 0
        guard isMasked == (role == .server) else { throw isMasked ? .maskedFrame : .unmaskedFrame }
        let short = byte & 0x7F
        guard short <= WebSocketFrameHeader.controlPayloadLimit || !opcode.isControl else {
            throw .controlFrameTooLong(opcode)
        }
        switch short {
        case 126:
            length = 0
            step = .extendedLength(size: 2, missing: 2)
        case 127:
            length = 0
            step = .extendedLength(size: 8, missing: 8)
        default:
            length = UInt64(short)
            guard isMasked else { return false }
            step = .maskingKey(missing: 4)
        }
        return true
    }

    private func checkExtendedLength(size: Int) throws(WebSocketError) {
        guard length &>> 63 == 0 else { throw .lengthOutOfRange(length) }
        guard length > (size == 2 ? 125 : 65_535) else { throw .nonMinimalLength(length) }
    }

    private mutating func finish() -> WebSocketFrameHeader {
        step = .firstByte
        return WebSocketFrameHeader(
            isFinal: isFinal, opcode: opcode,
            maskingKey: isMasked ? WebSocketMaskingKey(littleEndian: key) : nil,
            // The highest bit is clear: it was checked when the length was read.
            payloadLength: Int(truncatingIfNeeded: length))
    }
}
