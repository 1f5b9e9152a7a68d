import ChatWire

/// Reads what the server sends over one socket, frame by frame. Pure.
///
/// It uses the codecs of Engine.IO and Socket.IO, but not their sessions: these follow the protocol and tolerate what
/// is tolerable, while a scenario must see what arrives.
struct SocketReading {
    enum Effect: Hashable {
        /// Send this frame.
        case answer([UInt8])
        /// The Engine.IO session is open: ask to connect.
        case opened
        case letIn
        case refused(JSONValue)
        /// The server has ended the Socket.IO session.
        case thrownOut
        case event(name: String, payload: JSONValue)
        case acknowledged(UInt64, JSONValue)
        /// The server sent something invalid.
        case unreadable(String)
    }

    private(set) var isLetIn = false

    mutating func receive(text bytes: [UInt8]) -> [Effect] {
        let packet: EnginePacket
        do throws(EngineError) {
            packet = try EnginePacket(text: bytes[...])
        } catch {
            return [.unreadable(String(decoding: bytes.prefix(200), as: UTF8.self))]
        }
        switch packet {
        case .open: return [.opened]
        case .ping(let data): return [.answer(EnginePacket.pong(data).frame.bytes)]
        case .message(.text(let text)): return receive(text)
        case .message(.binary), .pong, .noop, .upgrade: return []
        case .close: return [.thrownOut]
        }
    }

    private mutating func receive(_ text: ArraySlice<UInt8>) -> [Effect] {
        let packet: SocketPacket
        do throws(SocketError) {
            packet = try SocketPacket(decoding: text)
        } catch {
            return [.unreadable(String(decoding: text.prefix(200), as: UTF8.self))]
        }
        let payload = packet.payload.isEmpty ? JSONValue.null : try? JSONValue(parsing: packet.payload)
        guard let payload else {
            return [.unreadable(String(decoding: text.prefix(200), as: UTF8.self))]
        }
        switch packet.kind {
        case .connect:
            isLetIn = true
            return [.letIn]
        case .connectError: return [.refused(payload)]
        case .disconnect:
            // The first server sends this before it refuses; later it ends the connection.
            guard isLetIn else { return [] }
            isLetIn = false
            return [.thrownOut]
        case .event, .binaryEvent:
            guard let name = payload[0]?.stringValue else { return [.unreadable(payload.description)] }
            let arguments = Array((payload.arrayValue ?? []).dropFirst())
            return [
                .event(
                    name: name, payload: arguments.count > 1 ? .array(arguments) : arguments.first ?? .null)
            ]
        case .acknowledgement, .binaryAcknowledgement:
            guard let id = packet.acknowledgementID else { return [.unreadable(payload.description)] }
            return [.acknowledged(id, payload)]
        }
    }
}
