/// A browser's subscription to Web Push, as the Push API gives it.
public struct PushSubscriptionForm: Hashable, Sendable {
    /// The address of the push service.
    public var endpoint: String
    public var keys: Keys

    /// The subscriber's half of the encryption (RFC 8291 section 3).
    public struct Keys: Hashable, Sendable {
        /// An uncompressed P-256 point, in base64 of either alphabet.
        public var publicKey: String
        /// 16 bytes, in base64 of either alphabet.
        public var secret: String
    }
}

extension PushSubscriptionForm: WireScalar {
    private static let endpoint = Field<String>("endpoint", "The address of the push service.")
    private static let keys = Field<Keys>("keys", "The subscriber's half of the encryption.")

    public static var schema: WireSchema { .object([endpoint.description, keys.description]) }

    /// Nil when a member is missing, or no text.
    public init?(lenient json: JSONValue) {
        guard let endpoint = json[Self.endpoint]?.stringValue,
            let keys = json[Self.keys].flatMap({ Keys(lenient: $0) })
        else { return nil }
        self.init(endpoint: endpoint, keys: keys)
    }

    public var json: JSONValue { .object(JSONObject([Self.endpoint(endpoint), Self.keys(keys)])) }
}

extension PushSubscriptionForm.Keys: WireScalar {
    private static let publicKey = Field<String>(
        "p256dh", "An uncompressed P-256 point, in base64 of either alphabet.")
    private static let secret = Field<String>("auth", "16 bytes, in base64 of either alphabet.")

    public static var schema: WireSchema { .object([publicKey.description, secret.description]) }

    /// Nil when a member is missing, or no text.
    public init?(lenient json: JSONValue) {
        guard let publicKey = json[Self.publicKey]?.stringValue,
            let secret = json[Self.secret]?.stringValue
        else { return nil }
        self.init(publicKey: publicKey, secret: secret)
    }

    public var json: JSONValue { .object(JSONObject([Self.publicKey(publicKey), Self.secret(secret)])) }
}
