import ChatWire

/// The JSON that a browser's service worker shows as a notification.
enum PushPayload {
    private static let icon = "/assets/icons/icon-192.png"
    /// The longest text of a message, in Unicode code points.
    private static let bodyLengthMax = 100

    /// The notification of a message. A text that is too long is cut.
    static func message(_ content: String, from sender: Person) -> [UInt8] {
        let scalars = content.unicodeScalars
        var body = content
        if let end = scalars.index(scalars.startIndex, offsetBy: bodyLengthMax, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        {
            body = String(scalars[..<end]) + "..."
        }
        return payload(title: "💬 " + sender.name, body: body) { writer in
            writer.key("type")
            writer.string("message")
            writer.key("senderId")
            writer.integer(sender.id.rawValue)
            writer.key("senderName")
            writer.string(sender.name)
        }
    }

    /// The notification of a test push.
    static func test() -> [UInt8] {
        payload(title: "🔔 Notificação de Teste", body: "As notificações estão funcionando!") { writer in
            writer.key("type")
            writer.string("test")
        }
    }

    private static func payload(title: String, body: String, data: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (key, value) in [("title", title), ("body", body), ("icon", icon), ("badge", icon)] {
            writer.key(named: key)
            writer.string(value)
        }
        writer.key("data")
        writer.beginObject()
        data(&writer)
        writer.endObject()
        writer.endObject()
        return writer.finished()
    }
}
