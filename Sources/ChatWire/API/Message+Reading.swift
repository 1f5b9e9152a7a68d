extension Message {
    /// Reads a message of any form from the bytes, without building a tree. It follows the same rules as
    /// `init(json:)`. Nil when the value is well-formed but not a message; it is consumed in that case too.
    static func read(from reader: inout JSONReader) throws(JSONError) -> Message? {
        guard try reader.peekKind() == .object else {
            try reader.skipValue()
            return nil
        }
        var parts = Parts()
        try reader.beginObject()
        while let key = try reader.nextKey() {
            try parts.read(key, from: &reader)
        }
        return parts.message
    }

    private struct Parts {
        var id: Int64?
        var senderID: Int64?
        var receiverID: Int64?
        var content: String?
        var isRead = false
        var createdAt: Timestamp?
        var senderName: String?
        var receiverName: String?
        var tempID: TempID?
        var status: DeliveryStatus?
        var deliveredAt: Timestamp?
        var readAt: Timestamp?

        mutating func read(_ key: JSONReader.Key, from reader: inout JSONReader) throws(JSONError) {
            if key == "id" {
                id = try reader.lenientInteger()
            } else if key == "sender_id" {
                senderID = try reader.lenientInteger()
            } else if key == "receiver_id" {
                receiverID = try reader.lenientInteger()
            } else if key == "content" {
                content = try reader.lenientText()
            } else if key == "is_read" {
                isRead = try reader.lenientFlag() ?? false
            } else if key == "created_at" {
                createdAt = try reader.lenientTimestamp()
            } else if key == "sender_name" {
                senderName = try reader.lenientText()
            } else if key == "receiver_name" {
                receiverName = try reader.lenientText()
            } else if key == "temp_id" {
                tempID = try reader.optionalString().map { TempID($0) }
            } else if key == "status" {
                status = try reader.optionalString().flatMap { DeliveryStatus(name: $0) }
            } else if key == "delivered_at" {
                deliveredAt = try reader.lenientTimestamp()
            } else if key == "read_at" {
                readAt = try reader.lenientTimestamp()
            } else {
                try reader.skipValue()
            }
        }

        var message: Message? {
            guard let id, let senderID, let receiverID, let content, let createdAt else { return nil }
            return Message(
                id: MessageID(id), senderID: UserID(senderID), receiverID: UserID(receiverID),
                content: content, isRead: isRead, createdAt: createdAt, senderName: senderName,
                receiverName: receiverName, tempID: tempID, status: status, deliveredAt: deliveredAt,
                readAt: readAt)
        }
    }
}

extension Person {
    /// Reads `{id,name}` by the rules of `init(json:)`. Nil when the value is well-formed but not a person; it is
    /// consumed in that case too.
    static func read(from reader: inout JSONReader) throws(JSONError) -> Person? {
        guard try reader.peekKind() == .object else {
            try reader.skipValue()
            return nil
        }
        var id: Int64?
        var name: String?
        var email: String?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if key == "id" {
                id = try reader.lenientInteger()
            } else if key == "name" {
                name = try reader.lenientText()
            } else if key == "email" {
                email = try reader.lenientText()
            } else {
                try reader.skipValue()
            }
        }
        guard let id, let name else { return nil }
        return Person(id: UserID(id), name: name, email: email)
    }
}
