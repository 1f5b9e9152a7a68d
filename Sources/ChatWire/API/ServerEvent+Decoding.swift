extension ServerEvent {
    /// Reads an event's array. Optional members may be missing or null, and ids may be numbers or text. An event of
    /// the API that lacks a required member is malformed. Arguments after the first are ignored.
    public static func decode(_ payload: ArraySlice<UInt8>) throws(EventError) -> ServerEvent {
        try EventArray.decode(payload) { (name, reader) throws(JSONError) in
            if name == "new_message" {
                return try reader.object(Message.Parts.self).map { .newMessage($0) }
            }
            if name == "message_confirmed" || name == "message_sent" {
                return try readConfirmation(from: &reader)
            }
            if name == "message_notification" { return try readNotification(from: &reader) }
            let json = try JSONValue(reading: &reader)
            return try? ServerEvent(name: name.text, json: json)
        }
    }

    private static func readConfirmation(from reader: inout JSONReader) throws(JSONError) -> ServerEvent? {
        guard try reader.peekKind() == .object else {
            try reader.skipValue()
            return nil
        }
        var tempID: TempID?
        var message: Message?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if key == "temp_id" {
                tempID = try reader.optionalString().map { TempID($0) }
            } else if key == "message" {
                message = try reader.object(Message.Parts.self)
            } else {
                try reader.skipValue()
            }
        }
        return message.map { .messageConfirmed(tempID: tempID, $0) }
    }

    private static func readNotification(from reader: inout JSONReader) throws(JSONError) -> ServerEvent? {
        guard try reader.peekKind() == .object else {
            try reader.skipValue()
            return nil
        }
        var message: Message?
        var sender: Person?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if key == "message" {
                message = try reader.object(Message.Parts.self)
            } else if key == "from_user" {
                sender = try reader.object(Person.Parts.self)
            } else {
                try reader.skipValue()
            }
        }
        guard let message, let sender else { return nil }
        return .messageNotification(message, from: sender)
    }

    private init(name: String, json: JSONValue) throws(APIError) {
        let tempID = json["temp_id"]?.stringValue.map { TempID($0) }
        func fields() throws(APIError) -> JSONFields { try JSONFields(json, name) }
        func user(_ key: String) throws(APIError) -> UserID { UserID(try fields().integer(key)) }
        func person() throws(APIError) -> Person {
            Person(id: try user("user_id"), name: try fields().text("name"))
        }
        func message() throws(APIError) -> MessageID { MessageID(try fields().integer("message_id")) }
        switch name {
        case "message_sending":
            _ = try fields()
            self = .messageSending(tempID: tempID)
        case "message_error": self = .messageError(tempID: tempID, reason: try fields().text("message"))
        case "error": self = .error(try fields().text("message"))
        case "user_online": self = .userOnline(try person())
        case "user_offline": self = .userOffline(try user("user_id"))
        case "user_typing": self = .userTyping(try person())
        case "user_stopped_typing": self = .userStoppedTyping(try user("user_id"))
        case "messages_read":
            self = .messagesRead(
                by: try user("by_user_id"),
                readerID: json["reader_id"]?.integerValue.map { UserID($0) },
                senderID: json["sender_id"]?.integerValue.map { UserID($0) },
                upToID: json["up_to_id"]?.integerValue.map { MessageID($0) })
        case "message_status_update":
            let status = json["status"]?.stringValue.flatMap { DeliveryStatus(name: $0) }
            self = .messageStatusUpdate(try message(), try fields().require(status, "status"))
        case "message_deleted":
            self = .messageDeleted(
                try message(), by: try user("by_user_id"), contact: try user("contact_user_id"))
        case "conversation_deleted":
            self = .conversationDeleted(by: try user("by_user_id"), contact: try user("contact_user_id"))
        default: self = .unknown(name: name)
        }
    }
}
