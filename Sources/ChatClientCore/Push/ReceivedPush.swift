import ChatWire

/// The content of a push. All of it is other people's text.
public struct ReceivedPush: Hashable, Sendable {
    /// The title from the server; sanitise it before it is shown.
    public let title: String
    /// The beginning of the message, from the server; sanitise it before it is shown.
    public let body: String
    /// `message` or `test`; empty when the push does not say.
    public let kind: String
    /// The sender of the message in the push; nil when there is none.
    public let senderID: UserID?
    /// The sender's name, unchanged; sanitise it before it is shown.
    public let senderName: String?

    /// Nil when the bytes are not an object with a title.
    package init?(parsing bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), let push = PushNotification(lenient: json) else {
            return nil
        }
        title = push.title
        body = push.body
        kind = push.details.kind
        senderID = push.details.senderID
        senderName = push.details.senderName
    }
}

/// Why a request to a push endpoint was rejected.
public enum PushRejection: Error, Hashable, Sendable {
    /// The path is not that of the subscription.
    case unknownPath
    /// The method is not POST.
    case wrongMethod
    /// The sender did not prove that it is the server whose key was subscribed with (RFC 8292).
    case unauthorized(VAPIDProblem)
    /// The content is not encrypted as in RFC 8291, or for other keys.
    case unreadable
    /// The content was decrypted but is not a notification.
    case unexpectedContent

    /// The HTTP status for the sender.
    public var status: Int {
        switch self {
        case .unknownPath: 404
        case .wrongMethod: 405
        case .unauthorized: 403
        case .unreadable, .unexpectedContent: 400
        }
    }
}

/// What is wrong with a push's `Authorization`.
public enum VAPIDProblem: Error, Hashable, Sendable {
    /// The request has no such header.
    case missing
    /// The header or its token cannot be read.
    case malformed
    /// It names another key than the server's.
    case wrongKey
    /// The signature does not fit the key.
    case wrongSignature
    /// It is meant for another push service.
    case wrongAudience
    /// It has expired, or is valid for longer than the day that the RFC allows.
    case wrongTime
    /// It names no contact.
    case noSubject
}
