/// The four bytes that a client masks a payload with (RFC 6455 section 5.3).
public struct WebSocketMaskingKey: Hashable, Sendable {
    /// The bytes in wire order, the first one in the lowest bits.
    let littleEndian: UInt32

    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        littleEndian = UInt32(first) | UInt32(second) << 8 | UInt32(third) << 16 | UInt32(fourth) << 24
    }

    init(littleEndian: UInt32) {
        self.littleEndian = littleEndian
    }

    /// The key to continue with after `count` bytes of the payload have been masked.
    @inline(__always)
    func advanced(by count: Int) -> WebSocketMaskingKey {
        let shift = UInt32(truncatingIfNeeded: count & 3) &* 8
        // Both shifts are taken modulo 32, so a count of 0 leaves the key unchanged.
        return WebSocketMaskingKey(littleEndian: (littleEndian &>> shift) | (littleEndian &<< (32 &- shift)))
    }

    /// Masks `bytes` in place; this also removes the mask. The first byte uses the first byte of the key.
    public func apply(to bytes: UnsafeMutableRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        // Blocks of 64 bytes take four vector operations each, even with the baseline instructions.
        let wide = SIMD16<UInt32>(repeating: UInt32(littleEndian: littleEndian))
        var offset = 0
        while offset &+ 64 <= bytes.count {
            let block = base.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt32>.self)
            base.storeBytes(of: block ^ wide, toByteOffset: offset, as: SIMD16<UInt32>.self)
            offset &+= 64
        }
        let narrow = UInt32(littleEndian: littleEndian)
        while offset &+ 4 <= bytes.count {
            let word = base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            base.storeBytes(of: word ^ narrow, toByteOffset: offset, as: UInt32.self)
            offset &+= 4
        }
        while offset < bytes.count {
            let key = UInt8(
                truncatingIfNeeded: littleEndian &>> (UInt32(truncatingIfNeeded: offset & 3) &* 8))
            bytes[offset] ^= key
            offset &+= 1
        }
    }
}
