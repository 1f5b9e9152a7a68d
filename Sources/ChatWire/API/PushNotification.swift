/// The content of a push: what a browser's service worker shows as a notification. All of it is other people's text.
public struct PushNotification: Hashable, Sendable {
    public var title: String
    /// The beginning of the message.
    public var body: String
    /// The paths of two pictures on the site of the web client; empty for none.
    public var icon: String
    public var badge: String
    public var details: Details

    /// What a program reads of a push.
    public struct Details: Hashable, Sendable {
        /// `message` or `test`; empty when the push does not say.
        public var kind: String
        /// The sender of the message; nil when there is none.
        public var senderID: UserID?
        public var senderName: String?

        public init(kind: String, senderID: UserID? = nil, senderName: String? = nil) {
            self.kind = kind
            self.senderID = senderID
            self.senderName = senderName
        }

        /// The kind of a push for a message, and of one that a person has asked for to try it out.
        public static let messageKind = "message"
        public static let testKind = "test"
    }

    public init(title: String, body: String, icon: String = "", badge: String = "", details: Details) {
        self.title = title
        self.body = body
        self.icon = icon
        self.badge = badge
        self.details = details
    }
}

extension PushNotification: WireScalar {
    private static let title = Field<String>("title", "The title: the sender's name, for a message.")
    private static let body = Field<String>("body", "The beginning of the message.", isRequired: false)
    private static let icon = Field<String>(
        "icon", "The path of a picture on the site of the web client.", isRequired: false)
    private static let badge = Field<String>(
        "badge", "The path of a small picture on the site of the web client.", isRequired: false)
    private static let details = Field<Details>("data", "What a program reads of a push.", isRequired: false)

    public static var schema: WireSchema {
        .object([
            title.description, body.description, icon.description, badge.description, details.description,
        ])
    }

    /// Nil when there is no title. Other members count as empty when they are missing or no text.
    public init?(lenient json: JSONValue) {
        guard let title = json[Self.title]?.stringValue else { return nil }
        self.init(
            title: title, body: json[Self.body]?.stringValue ?? "", icon: json[Self.icon]?.stringValue ?? "",
            badge: json[Self.badge]?.stringValue ?? "",
            details: json[Self.details].flatMap { Details(lenient: $0) } ?? Details(kind: ""))
    }

    public var json: JSONValue {
        .object(
            JSONObject([
                Self.title(title), Self.body(body), Self.icon(icon), Self.badge(badge), Self.details(details),
            ]))
    }
}

extension PushNotification.Details: WireScalar {
    private static let kind = Field<String>("type", "`message`, or `test` for one that was asked for.")
    private static let senderID = Field<UserID>("senderId", "The sender of the message.", isRequired: false)
    private static let senderName = Field<String>("senderName", "The sender's name.", isRequired: false)

    public static var schema: WireSchema {
        .object([kind.description, senderID.description, senderName.description])
    }

    /// Members count as missing when they are of another type.
    public init?(lenient json: JSONValue) {
        guard json.objectValue != nil else { return nil }
        self.init(
            kind: json[Self.kind]?.stringValue ?? "",
            senderID: json[Self.senderID]?.integerValue.map { UserID($0) },
            senderName: json[Self.senderName]?.stringValue)
    }

    public var json: JSONValue {
        .object(
            JSONObject(
                [Self.kind(kind), senderID.map { Self.senderID($0) }, senderName.map { Self.senderName($0) }]
                    .compactMap { $0 }))
    }
}
