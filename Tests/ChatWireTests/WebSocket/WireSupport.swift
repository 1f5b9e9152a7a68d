import ChatWire
import TestSupport

/// Ways to cut a stream of bytes into the results of single reads.
enum Feed: Sendable, CaseIterable, CustomStringConvertible {
    case whole
    case byteByByte
    case pieces

    func cut(_ bytes: [UInt8], seed: UInt64 = 1) -> [[UInt8]] {
        switch self {
        case .whole:
            return [bytes]
        case .byteByByte:
            return bytes.map { [$0] }
        case .pieces:
            var generator = SeededGenerator(seed: seed)
            var rest = bytes[...]
            var pieces: [[UInt8]] = []
            while !rest.isEmpty {
                let count = Int.random(in: 1...max(1, min(40, rest.count)), using: &generator)
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            return pieces
        }
    }

    var description: String {
        switch self {
        case .whole: "whole"
        case .byteByByte: "byte by byte"
        case .pieces: "in pieces"
        }
    }
}

extension [UInt8] {
    /// The bytes of hexadecimal digits; spaces are ignored.
    init(hex: String) {
        let digits = hex.compactMap(\.hexDigitValue)
        precondition(digits.count.isMultiple(of: 2), "an odd number of digits")
        self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    /// These bytes with a few changed, removed, inserted, duplicated or cut off.
    func mutated(using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = self
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            case 4: bytes.insert(contentsOf: bytes[place..<Swift.min(place + 9, bytes.count)], at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }
}

extension WebSocketConnection {
    /// Passes in the pieces one after the other, and takes every event of each.
    mutating func events(receiving pieces: [[UInt8]]) -> [WebSocketEvent] {
        var events: [WebSocketEvent] = []
        for piece in pieces {
            receive(piece)
            while let event = nextEvent() { events.append(event) }
        }
        return events
    }

    mutating func events(receiving bytes: [UInt8]) -> [WebSocketEvent] {
        events(receiving: [bytes])
    }
}

/// One frame as the given role would send it; a client's is masked with a fixed key.
func frame(
    from role: WebSocketRole, _ opcode: WebSocketOpcode, _ payload: [UInt8] = [], isFinal: Bool = true
) -> [UInt8] {
    var bytes: [UInt8] = []
    let key = role == .client ? WebSocketMaskingKey(0x37, 0xFA, 0x21, 0x3D) : nil
    WebSocketFrameEncoder.append(
        opcode: opcode, isFinal: isFinal, payload: payload, maskingKey: key, to: &bytes)
    return bytes
}

func frame(
    from role: WebSocketRole, _ opcode: WebSocketOpcode, _ payload: String, isFinal: Bool = true
) -> [UInt8] {
    frame(from: role, opcode, Array(payload.utf8), isFinal: isFinal)
}

/// The same header with any value, valid or not, in its first byte and its length.
func rawFrame(
    from role: WebSocketRole, firstByte: UInt8, length: [UInt8], payload: [UInt8] = []
) -> [UInt8] {
    let isMasked = role == .client
    var bytes = [firstByte, length[0] | (isMasked ? 0x80 : 0)] + length.dropFirst()
    if isMasked { bytes += [0, 0, 0, 0] }
    return bytes + payload
}
