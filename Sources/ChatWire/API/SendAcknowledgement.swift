/// The server's acknowledgement of a `send_message`.
public enum SendAcknowledgement: Hashable, Sendable {
    /// The message is stored, now or earlier. Only servers with `ackResult` say so.
    case accepted(Message)
    /// The message is refused, for a reason meant for people. Only servers with `ackResult` say so.
    /// `retryAfter` is the time in seconds after which the server takes the message; nil when it does not say.
    case refused(reason: String, tempID: TempID?, retryAfter: Int? = nil)
    /// The event was handled; the events before the acknowledgement tell the result.
    case handled
}

// MARK: - Both codecs

extension SendAcknowledgement {
    private enum Fields {
        static let isSuccess = Field<Bool>("success", "Whether the message is stored.")
        static let message = Field<Message>("message", "The message as it is stored, with a success.")
        static let reason = Field<String>("message", "The reason of a refusal, meant for people.")
        static let tempID = Field<TempID>(
            "temp_id", "The name of a refused message, as it was sent; may be null.")
        static let retryAfter = Field<Int>(
            "retry_after", "The seconds after which the message may be sent again, beyond a limit only.")
    }

    /// The members of the first argument when the message is stored.
    public static var acceptanceMembers: [FieldDescription] {
        [Fields.isSuccess.description, Fields.message.description]
    }

    /// The members of the first argument when the message is refused.
    public static var refusalMembers: [FieldDescription] {
        [
            Fields.isSuccess.description, Fields.reason.description, Fields.tempID.description,
            Fields.retryAfter.description,
        ]
    }

    /// Reads the arguments of an acknowledgement, an array. Anything other than the first two cases is `handled`; a
    /// value that is not an array is an error.
    public static func decode(_ payload: ArraySlice<UInt8>) throws(JSONError) -> SendAcknowledgement {
        let json = try JSONValue(parsing: payload)
        guard json.arrayValue != nil else { throw .typeMismatch(offset: 0) }
        guard let result = json[0], let isSuccess = result[Fields.isSuccess]?.boolValue else {
            return .handled
        }
        if isSuccess {
            guard let message = result[Fields.message], let stored = try? Message(json: message) else {
                return .handled
            }
            return .accepted(stored)
        }
        return .refused(
            reason: result[Fields.reason]?.stringValue ?? "",
            tempID: result[Fields.tempID].flatMap { TempID(lenient: $0) },
            retryAfter: result[Fields.retryAfter]?.integerValue.map { Int(clamping: $0) })
    }

    /// The acknowledgement as a packet of the namespace `/`.
    /// - Parameter echo: The value of `temp_id` when the sender's was not a string.
    public func packet(acknowledgementID: UInt64, echoing echo: JSONValue? = nil) -> EncodedPacket {
        Self.packet(id: acknowledgementID, capacity: 256) { writer in
            switch self {
            case .handled: break
            case .accepted(let message):
                Self.writeAcceptance(to: &writer) { message.write(to: &$0, as: .event, echoing: echo) }
            case .refused(let reason, let tempID, let retryAfter):
                writer.beginObject()
                writer.member(Fields.isSuccess, false)
                writer.member(Fields.reason, reason)
                writer.key(Fields.tempID.name)
                writer.tempID(tempID, echoing: echo)
                if let retryAfter { writer.member(Fields.retryAfter, retryAfter) }
                writer.endObject()
            }
        }
    }

    /// An acknowledgement with these arguments.
    static func packet(
        id: UInt64, capacity: Int, _ writeArguments: (inout JSONWriter) -> Void
    ) -> EncodedPacket {
        var writer = JSONWriter(capacity: capacity)
        writer.prefix("43")
        writer.prefix(number: id)
        writer.beginArray()
        writeArguments(&writer)
        writer.endArray()
        return EncodedPacket(bytes: writer.finished())
    }

    /// Writes the argument that says that the message is stored.
    static func writeAcceptance(to writer: inout JSONWriter, message: (inout JSONWriter) -> Void) {
        writer.beginObject()
        writer.member(Fields.isSuccess, true)
        writer.key(Fields.message.name)
        message(&writer)
        writer.endObject()
    }
}
