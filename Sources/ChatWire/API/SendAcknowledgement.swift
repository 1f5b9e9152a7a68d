/// What the server acknowledges a `send_message` with.
public enum SendAcknowledgement: Hashable, Sendable {
    /// Stored, or stored already. Only servers with `ackResult` say so.
    case accepted(Message)
    /// Refused, for a reason in words meant for people. Only servers with `ackResult` say so.
    case refused(reason: String, tempID: TempID?)
    /// Handled, with nothing said about what came of it: the events before it tell.
    case handled

    /// Reads the arguments of an acknowledgement, an array. Whatever is not one of the first two
    /// is `handled`; what is no array is an error.
    public static func decode(_ payload: ArraySlice<UInt8>) throws(JSONError) -> SendAcknowledgement {
        let json = try JSONValue(parsing: payload)
        guard json.arrayValue != nil else { throw .typeMismatch(offset: 0) }
        guard let result = json[0], let isSuccess = result["success"]?.boolValue else { return .handled }
        if isSuccess {
            guard let message = result["message"], let stored = try? Message(json: message) else {
                return .handled
            }
            return .accepted(stored)
        }
        return .refused(
            reason: result["message"]?.stringValue ?? "",
            tempID: result["temp_id"]?.stringValue.map { TempID($0) })
    }

    /// The acknowledgement as a packet of the namespace `/`.
    /// - Parameter echo: What stands as `temp_id` where the sender's was no string.
    public func packet(acknowledgementID: UInt64, echoing echo: JSONValue? = nil) -> EncodedPacket {
        var writer = JSONWriter()
        writer.prefix("43")
        writer.prefix(number: acknowledgementID)
        writer.beginArray()
        switch self {
        case .handled: break
        case .accepted(let message):
            writer.beginObject()
            writer.key("success")
            writer.bool(true)
            writer.key("message")
            message.write(to: &writer, as: .event, echoing: echo)
            writer.endObject()
        case .refused(let reason, let tempID):
            writer.beginObject()
            writer.key("success")
            writer.bool(false)
            writer.key("message")
            writer.string(reason)
            writer.key("temp_id")
            if let echo { writer.value(echo) } else { writer.string(tempID?.rawValue) }
            writer.endObject()
        }
        writer.endArray()
        return EncodedPacket(bytes: writer.finished())
    }
}
