/// The rules for the payloads of packets.
enum SocketPayload {
    /// Checks that an event's payload is JSON, and an array that begins with a name.
    /// - Returns: The name when the protocol reserves it.
    static func checkEvent(_ packet: SocketPacket, limits: SocketLimits) throws(SocketError) -> String? {
        do throws(JSONError) {
            return try JSONReader.read(packet.payload, limits: limits.json) { reader throws(JSONError) in
                try reader.beginArray()
                guard try reader.nextElement() else { throw .typeMismatch(offset: reader.position) }
                let name = try reader.name()
                while try reader.nextElement() { try reader.skipValue() }
                try reader.end()
                return isReserved(name) ? name.text : nil
            }
        } catch {
            throw wrap(error, packet.kind)
        }
    }

    /// Whether an event's name can be read, whatever follows it.
    static func hasName(_ payload: ArraySlice<UInt8>, limits: SocketLimits) -> Bool {
        let name = try? JSONReader.read(payload, limits: limits.json) { reader throws(JSONError) in
            try reader.beginArray()
            guard try reader.nextElement() else { throw .typeMismatch(offset: reader.position) }
            return try reader.name().text
        }
        return name != nil
    }

    /// Whether Python treats the payload as false.
    static func isNothing(_ json: JSONValue) -> Bool {
        switch json {
        case .null, .bool(false), .integer(0), .double(0): true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        default: false
        }
    }

    /// Checks that an acknowledgement's payload is JSON, and an array.
    static func checkAcknowledgement(_ packet: SocketPacket, limits: SocketLimits) throws(SocketError) {
        do throws(JSONError) {
            try JSONReader.read(packet.payload, limits: limits.json) { reader throws(JSONError) in
                try reader.beginArray()
                while try reader.nextElement() { try reader.skipValue() }
                try reader.end()
            }
        } catch {
            throw wrap(error, packet.kind)
        }
    }

    /// The payload as JSON; nil when there is none.
    static func json(_ packet: SocketPacket, limits: SocketLimits) throws(SocketError) -> JSONValue? {
        guard !packet.payload.isEmpty else { return nil }
        do throws(JSONError) {
            return try JSONValue(parsing: packet.payload, limits: limits.json)
        } catch {
            throw .payload(error)
        }
    }

    /// The credentials in a client's CONNECT, an object; nil when there are none.
    static func credentials(
        _ packet: SocketPacket, _ policy: WirePolicy, limits: SocketLimits
    ) throws(SocketError) -> JSONValue? {
        guard let json = try json(packet, limits: limits) else { return nil }
        // The real server treats a value that is false in Python as missing credentials.
        if policy == .recorded, isNothing(json) { return nil }
        guard json.objectValue != nil else { throw .unexpectedPayload(.connect) }
        return json
    }

    /// Checks that every placeholder names one of the attachments.
    static func checkPlaceholders(_ packet: SocketPacket, limits: SocketLimits) throws(SocketError) {
        guard let json = try json(packet, limits: limits) else { return }
        guard placeholdersFit(json, count: packet.attachmentCount) else { throw .invalidPlaceholder }
    }

    // The JSON reader's depth limit bounds the recursion.
    private static func placeholdersFit(_ json: JSONValue, count: Int) -> Bool {
        switch json {
        case .object(let object) where object[SocketPlaceholder.key] == .bool(true):
            guard case .integer(let number)? = object[SocketPlaceholder.number] else { return false }
            return number >= 0 && number < count
        case .object(let object):
            return object.members.allSatisfy { placeholdersFit($0.value, count: count) }
        case .array(let elements):
            return elements.allSatisfy { placeholdersFit($0, count: count) }
        default:
            return true
        }
    }

    /// Whether the protocol reserves this name.
    private static func isReserved(_ name: JSONReader.Key) -> Bool {
        name == "connect" || name == "connect_error" || name == "disconnect" || name == "disconnecting"
            || name == "newListener" || name == "removeListener"
    }

    private static func wrap(_ error: JSONError, _ kind: SocketPacket.Kind) -> SocketError {
        if case .typeMismatch = error { return .unexpectedPayload(kind) }
        return .payload(error)
    }
}

/// The object that stands for a binary attachment in a packet's JSON.
public enum SocketPlaceholder {
    static let key = "_placeholder"
    static let number = "num"

    /// Whether programs that read leniently take a value for an attachment.
    public static func isOne(_ json: JSONValue) -> Bool { json[key]?.boolValue == true }
}
