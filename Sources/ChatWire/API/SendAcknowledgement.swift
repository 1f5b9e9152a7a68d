/// The server's acknowledgement of a `send_message`.
public enum SendAcknowledgement: Hashable, Sendable {
    /// The message is stored, now or earlier. Only servers with `ackResult` say so.
    case accepted(Message)
    /// The message is refused, for a reason meant for people. Only servers with `ackResult` say so.
    case refused(reason: String, tempID: TempID?)
    /// The event was handled; the events before the acknowledgement tell the result.
    case handled

    /// Reads the arguments of an acknowledgement, an array. Anything other than the first two cases is `handled`; a
    /// value that is not an array is an error.
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
    /// - Parameter echo: The value of `temp_id` when the sender's was not a string.
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
