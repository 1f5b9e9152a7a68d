import ChatWire

/// The pushes that this server sends, as the JSON that a browser's service worker shows as a notification.
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
        return payload(
            title: "💬 " + sender.name, body: body,
            PushNotification.Details(
                kind: PushNotification.Details.messageKind, senderID: sender.id, senderName: sender.name))
    }

    /// The notification of a test push.
    static func test() -> [UInt8] {
        payload(
            title: "🔔 Notificação de Teste", body: "As notificações estão funcionando!",
            PushNotification.Details(kind: PushNotification.Details.testKind))
    }

    private static func payload(
        title: String, body: String, _ details: PushNotification.Details
    ) -> [UInt8] {
        PushNotification(title: title, body: body, icon: icon, badge: icon, details: details)
            .json.serialized()
    }
}
