import ChatWire

/// What a push says. All of it is somebody else's text.
public struct ReceivedPush: Hashable, Sendable {
    /// The first line, as the server wrote it; to be sanitised.
    public let title: String
    /// The beginning of the message, as the server wrote it; to be sanitised.
    public let body: String
    /// `message` or `test`; empty when it does not say.
    public let kind: String
    /// Whose message it tells of; nil when it tells of none.
    public let senderID: UserID?
    /// That person's name, as it came; to be sanitised.
    public let senderName: String?

    /// Nil for what is no object with a title.
    package init?(parsing bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), let title = json["title"]?.stringValue else {
            return nil
        }
        self.title = title
        body = json["body"]?.stringValue ?? ""
        kind = json["data"]?["type"]?.stringValue ?? ""
        senderID = json["data"]?["senderId"]?.integerValue.map { UserID($0) }
        senderName = json["data"]?["senderName"]?.stringValue
    }
}

/// Why a request to a push endpoint was turned away.
public enum PushRejection: Error, Hashable, Sendable {
    /// Another path than that of the subscription.
    case unknownPath
    /// No POST.
    case wrongMethod
    /// The sender did not prove that it is the server whose key was subscribed with (RFC 8292).
    case unauthorized(VAPIDProblem)
    /// Not encrypted as RFC 8291 has it, or for other keys.
    case unreadable
    /// Decrypted, but no notification.
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
    case missing
    case malformed
    /// Signed with another key than the server's.
    case wrongKey
    case wrongSignature
    /// Meant for another push service.
    case wrongAudience
    /// Over, or valid for more than the day that the RFC allows.
    case wrongTime
    /// It does not say whom to write to.
    case noSubject
}
