// Web Push: the server's key, subscriptions, and a push to try them.
extension API {
    static let pushEndpoints: [any Endpoint.Type] = [
        VAPIDPublicKey.self, Subscribe.self, Unsubscribe.self, TestPush.self,
    ]

    public enum VAPIDPublicKey: AccountEndpoint {
        public static let summary = "The server's public key."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath("/api/push/vapid-public-key")
        public static let key = Field<String>("publicKey", "An uncompressed P-256 point in base64url.")
        public static let answer = AnswerFormat.member(key)
    }

    /// The server's public key, an uncompressed P-256 point in base64url.
    public static func vapidPublicKey() -> APICall<String> { VAPIDPublicKey.call() }

    public enum Subscribe: AccountEndpoint {
        public static let summary =
            "Stores a browser's subscription; the account's messages are pushed to it."
        public static let method = HTTPMethod.post
        public static let path = EndpointPath("/api/push/subscribe")
        public static let subscription = Field<PushSubscriptionForm>(
            "subscription", "The subscription as the Push API gives it.")
        public static let body = [subscription.description]
        public static let answer = AnswerFormat.nothing
        public static let refusals: [Refusal] = [.subscriptionNotSaved]
    }

    /// - Parameters:
    ///   - publicKey: The subscriber's key, called `p256dh` in the Push API.
    ///   - secret: The subscriber's secret, called `auth` in the Push API.
    public static func subscribe(endpoint: String, publicKey: String, secret: String) -> APICall<Void> {
        let keys = PushSubscriptionForm.Keys(publicKey: publicKey, secret: secret)
        let form = PushSubscriptionForm(endpoint: endpoint, keys: keys)
        return Subscribe.call(body: JSONObject([Subscribe.subscription(form)]))
    }

    public enum Unsubscribe: AccountEndpoint {
        public static let summary = "Ends the subscription of an endpoint."
        public static let method = HTTPMethod.post
        public static let path = EndpointPath("/api/push/unsubscribe")
        public static let endpoint = Field<String>(
            "endpoint", "The address of the push service, as it was subscribed.")
        public static let body = [endpoint.description]
        public static let answer = AnswerFormat.nothing
        public static let refusals: [Refusal] = [.endpointMissing, .subscriptionNotRemoved]
    }

    /// Ends the subscription of this endpoint.
    public static func unsubscribe(endpoint: String) -> APICall<Void> {
        Unsubscribe.call(body: JSONObject([Unsubscribe.endpoint(endpoint)]))
    }

    public enum TestPush: AccountEndpoint {
        public static let summary =
            "Makes the server push a notification to all subscriptions of the account."
        public static let method = HTTPMethod.post
        public static let path = EndpointPath("/api/push/test")
        public static let answer = AnswerFormat.nothing
        public static let refusals: [Refusal] = [.noSubscriptionWorks]
    }

    public static func testPush() -> APICall<Void> { TestPush.call() }
}
