/// The REST calls of the server. Text is sent unchanged: the server strips and checks it.
public enum API {
    // MARK: - The server itself

    /// The server's name, its version and its extensions.
    public static func serverInformation() -> APICall<ServerInformation> {
        APICall(.get, "/", needsToken: false, isEnveloped: false) { (json) throws(APIError) in
            try ServerInformation(json: json)
        }
    }

    /// Succeeds when the server and its database are healthy.
    public static func health() -> APICall<Void> {
        APICall(.get, "/health", needsToken: false, isEnveloped: false) { _ in }
    }

    // MARK: - Accounts

    /// - Parameter password: At least 6 characters.
    public static func register(name: String, email: String, password: String) -> APICall<SignIn> {
        let body: JSONValue = ["name": .string(name), "email": .string(email), "password": .string(password)]
        return APICall(.post, "/api/auth/register", body: body, needsToken: false) {
            (json) throws(APIError) in
            try SignIn(json: json)
        }
    }

    /// Signs in; returns the user and a token.
    public static func login(email: String, password: String) -> APICall<SignIn> {
        let body: JSONValue = ["email": .string(email), "password": .string(password)]
        return APICall(.post, "/api/auth/login", body: body, needsToken: false) { (json) throws(APIError) in
            try SignIn(json: json)
        }
    }

    /// The user that the token belongs to.
    public static func me() -> APICall<User> {
        APICall(.get, "/api/auth/me") { (json) throws(APIError) in try User(json: json["user"] ?? .null) }
    }

    /// Succeeds when the token is valid.
    public static func verify() -> APICall<Void> {
        APICall(.get, "/api/auth/verify") { _ in }
    }

    /// Exchanges a valid token for a new one. Needs `Capability.refresh`.
    public static func refresh() -> APICall<String> {
        APICall(.post, "/api/auth/refresh") { (json) throws(APIError) in
            try JSONFields(json, "data").text("token")
        }
    }

    // MARK: - Contacts

    /// The contacts, the most recent conversation first.
    public static func contacts() -> APICall<PartialList<Contact>> {
        APICall(.get, "/api/contacts") { (json) throws(APIError) in
            try JSONFields(json, "data").list("contacts", idKey: "contact_id") { (json) throws(APIError) in
                try Contact(json: json)
            }
        }
    }

    /// - Parameter name: The name to show for them; nil for their own name.
    public static func addContact(_ user: UserID, name: String? = nil) -> APICall<Contact> {
        var body: JSONObject = ["contact_user_id": .integer(user.rawValue)]
        if let name { body.append("contact_name", .string(name)) }
        return APICall(.post, "/api/contacts/add", body: .object(body)) { (json) throws(APIError) in
            try Contact(json: json["contact"] ?? .null)
        }
    }

    /// Changes the name that the owner of the list gave a contact.
    public static func renameContact(_ contact: ContactID, to name: String) -> APICall<Void> {
        APICall(.put, "/api/contacts/\(contact)", body: ["contact_name": .string(name)]) { _ in }
    }

    /// Removes a contact from the list; its messages stay.
    public static func removeContact(_ contact: ContactID) -> APICall<Void> {
        APICall(.delete, "/api/contacts/\(contact)") { _ in }
    }

    /// At most 20 people whose name or address contains `query`, which needs at least two characters.
    public static func findPeople(_ query: String) -> APICall<PartialList<Person>> {
        APICall(.get, "/api/contacts/search?q=" + PercentEncoding.queryValue(query)) {
            (json) throws(APIError) in
            try JSONFields(json, "data").list("users") { (json) throws(APIError) in try Person(json: json) }
        }
    }

    // MARK: - Messages

    /// - Parameter tempID: Stored by servers with `Capability.idempotentSend`, ignored by others.
    public static func send(to receiver: UserID, content: String, tempID: TempID? = nil) -> APICall<Message> {
        var body: JSONObject = ["receiver_id": .integer(receiver.rawValue), "content": .string(content)]
        if let tempID { body.append("temp_id", .string(tempID.rawValue)) }
        return APICall(.post, "/api/messages/send", body: .object(body)) { (json) throws(APIError) in
            try Message(json: json["message"] ?? .null)
        }
    }

    /// Messages of a conversation, the newest first. **Marks the other person's messages as read**, unless `peek` is
    /// requested and the server supports it.
    /// - Parameters:
    ///   - limit: At most this many; servers return no more than 200.
    ///   - before: Only messages with a lower id. Needs `Capability.paging`.
    ///   - after: Only messages with a higher id. Needs `Capability.paging`.
    ///   - peek: Mark nothing as read. Needs `Capability.peek`.
    public static func conversation(
        with user: UserID, limit: Int = 50, before: MessageID? = nil, after: MessageID? = nil,
        peek: Bool = false
    ) -> APICall<PartialList<Message>> {
        var path = "/api/messages/conversation/\(user)?limit=\(limit)"
        if let before { path += "&before_id=\(before)" }
        if let after { path += "&after_id=\(after)" }
        if peek { path += "&peek=1" }
        return APICall(.get, path) { (json) throws(APIError) in
            try JSONFields(json, "data").list("messages") { (json) throws(APIError) in
                try Message(json: json)
            }
        }
    }

    /// Marks everything from `sender` as read; returns the number of messages.
    public static func markRead(from sender: UserID) -> APICall<Int> {
        APICall(.put, "/api/messages/mark-read/\(sender)") { (json) throws(APIError) in
            try count(json, "count")
        }
    }

    /// The number of unread messages, by sender. Changes nothing.
    public static func unread() -> APICall<UnreadCounts> {
        APICall(.get, "/api/messages/unread") { (json) throws(APIError) in try UnreadCounts(json: json) }
    }

    /// Deletes one of the account's own messages for both sides.
    public static func deleteMessage(_ message: MessageID) -> APICall<Void> {
        APICall(.delete, "/api/messages/\(message)") { _ in }
    }

    /// Deletes a whole conversation **for both sides**; returns the number of messages.
    public static func deleteConversation(with user: UserID) -> APICall<Int> {
        APICall(.delete, "/api/messages/conversation/\(user)") { (json) throws(APIError) in
            try count(json, "deleted_count")
        }
    }

    /// What changed since `cursor` (nil for the beginning). Needs `Capability.sync`.
    public static func sync(cursor: String?, limit: Int = 500) -> APICall<SyncAnswer> {
        let since = cursor.map { "cursor=" + PercentEncoding.queryValue($0) + "&" } ?? ""
        return APICall(.get, "/api/sync?\(since)limit=\(limit)") { (json) throws(APIError) in
            try SyncAnswer(json: json)
        }
    }

    // MARK: - Push

    /// The server's public key, an uncompressed P-256 point in base64url.
    public static func vapidPublicKey() -> APICall<String> {
        APICall(.get, "/api/push/vapid-public-key") { (json) throws(APIError) in
            try JSONFields(json, "data").text("publicKey")
        }
    }

    /// - Parameters:
    ///   - publicKey: The subscriber's key, called `p256dh` in the Push API.
    ///   - secret: The subscriber's secret, called `auth` in the Push API.
    public static func subscribe(endpoint: String, publicKey: String, secret: String) -> APICall<Void> {
        let keys: JSONValue = ["p256dh": .string(publicKey), "auth": .string(secret)]
        let body: JSONValue = ["subscription": ["endpoint": .string(endpoint), "keys": keys]]
        return APICall(.post, "/api/push/subscribe", body: body) { _ in }
    }

    /// Ends the subscription of this endpoint.
    public static func unsubscribe(endpoint: String) -> APICall<Void> {
        APICall(.post, "/api/push/unsubscribe", body: ["endpoint": .string(endpoint)]) { _ in }
    }

    /// Makes the server push a notification to all subscriptions of the account.
    public static func testPush() -> APICall<Void> { APICall(.post, "/api/push/test") { _ in } }

    private static func count(_ json: JSONValue, _ key: String) throws(APIError) -> Int {
        let fields = try JSONFields(json, "data")
        return try fields.require(Int(exactly: try fields.integer(key)), key)
    }
}
