/// A packet of Engine.IO version 4:
///
///     packet  = "0" handshake     open      server → client, once
///             / "1"               close     either
///             / "2" *text         ping      server → client; "2probe" from the client on an upgrade
///             / "3" *text         pong      the same text back
///             / "4" *text         message   either
///             / "5"               upgrade   client → server: the probed transport is now the one
///             / "6"               noop      server → client: releases a waiting poll
///     binary messages are frames of their own, or "b" base64 in polling payloads
public enum EnginePacket: Hashable, Sendable {
    case open(EngineHandshake)
    case close
    case ping(ArraySlice<UInt8>)
    case pong(ArraySlice<UInt8>)
    case message(EngineMessage)
    case upgrade
    case noop

    /// Reads the text form.
    public init(text: ArraySlice<UInt8>) throws(EngineError) {
        guard let type = text.first else { throw .emptyPacket }
        let payload = text.dropFirst()
        switch type {
        case UInt8(ascii: "0"): self = .open(try EngineHandshake(parsing: payload))
        case UInt8(ascii: "1"): self = .close
        case UInt8(ascii: "2"): self = .ping(payload)
        case UInt8(ascii: "3"): self = .pong(payload)
        case UInt8(ascii: "4"): self = .message(.text(payload))
        case UInt8(ascii: "5"): self = .upgrade
        case UInt8(ascii: "6"): self = .noop
        default: throw .unknownPacketType(type)
        }
    }

    /// Reads a frame of either form.
    public init(_ frame: EngineFrame) throws(EngineError) {
        switch frame {
        case .text(let bytes): try self.init(text: bytes[...])
        case .binary(let bytes): self = .message(.binary(bytes[...]))
        }
    }

    /// The packet as a transport carries it.
    public var frame: EngineFrame {
        switch self {
        case .open(let handshake):
            var writer = JSONWriter()
            writer.prefix("0")
            handshake.write(to: &writer)
            return .text(writer.finished())
        case .close: return .text([UInt8(ascii: "1")])
        case .ping(let data): return .text([UInt8(ascii: "2")] + data)
        case .pong(let data): return .text([UInt8(ascii: "3")] + data)
        case .message(.text(let text)): return .text([UInt8(ascii: "4")] + text)
        case .message(.binary(let data)): return .binary(Array(data))
        case .upgrade: return .text([UInt8(ascii: "5")])
        case .noop: return .text([UInt8(ascii: "6")])
        }
    }

    /// The text in the ping that a client probes a transport with.
    static let probe = Array("probe".utf8)[...]
}
