/// Writes frames (RFC 6455 section 5.2).
public enum WebSocketFrameEncoder {
    /// Appends the bytes of a header, with the length in its shortest form.
    ///
    /// The caller must not pass a control frame that is fragmented or has more than 125 bytes.
    public static func append(header: WebSocketFrameHeader, to output: inout [UInt8]) {
        precondition(header.payloadLength >= 0, "a payload length is never negative")
        precondition(
            !header.opcode.isControl
                || (header.isFinal && header.payloadLength <= WebSocketFrameHeader.controlPayloadLimit),
            "a control frame is whole and has at most 125 bytes")
        output.append((header.isFinal ? 0x80 : 0) | header.opcode.rawValue)
        let maskBit: UInt8 = header.maskingKey == nil ? 0 : 0x80
        let length = UInt64(header.payloadLength)
        if length <= 125 {
            output.append(maskBit | UInt8(length))
        } else if length <= 65_535 {
            output.append(maskBit | 126)
            appendBigEndian(length, size: 2, to: &output)
        } else {
            output.append(maskBit | 127)
            appendBigEndian(length, size: 8, to: &output)
        }
        if let key = header.maskingKey {
            withUnsafeBytes(of: key.littleEndian.littleEndian) { output.append(contentsOf: $0) }
        }
    }

    /// Appends a whole frame, its payload masked when there is a key.
    public static func append(
        opcode: WebSocketOpcode, isFinal: Bool = true, payload: UnsafeRawBufferPointer,
        maskingKey: WebSocketMaskingKey?, to output: inout [UInt8]
    ) {
        let header = WebSocketFrameHeader(
            isFinal: isFinal, opcode: opcode, maskingKey: maskingKey, payloadLength: payload.count)
        append(header: header, to: &output)
        let start = output.count
        output.append(contentsOf: payload)
        guard let maskingKey else { return }
        output.withUnsafeMutableBytes { bytes in
            maskingKey.apply(to: UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
        }
    }

    /// Appends a whole frame, its payload masked when there is a key.
    public static func append(
        opcode: WebSocketOpcode, isFinal: Bool = true, payload: [UInt8],
        maskingKey: WebSocketMaskingKey?, to output: inout [UInt8]
    ) {
        payload.withUnsafeBytes {
            append(opcode: opcode, isFinal: isFinal, payload: $0, maskingKey: maskingKey, to: &output)
        }
    }

    /// The body of a close frame: the code in network order, and as much of the reason as fits, cut between
    /// characters (RFC 6455 section 5.5.1). Empty when the code is nil or not allowed on the wire.
    public static func closePayload(code: WebSocketCloseCode?, reason: String) -> [UInt8] {
        guard let code, code.isAllowedOnWire else { return [] }
        var payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
        for scalar in reason.unicodeScalars {
            let bytes = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            guard payload.count + bytes.count <= WebSocketFrameHeader.controlPayloadLimit else { break }
            payload.append(contentsOf: bytes)
        }
        return payload
    }

    private static func appendBigEndian(_ value: UInt64, size: Int, to output: inout [UInt8]) {
        for shift in stride(from: (size - 1) * 8, through: 0, by: -8) {
            output.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }
}
