/// What registering and logging in give.
public struct SignIn: Hashable, Sendable {
    public var user: User
    /// A JWT for the `Authorization` header. Not for logs.
    public var token: String

    public init(user: User, token: String) {
        self.user = user
        self.token = token
    }

    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "data")
        user = try User(json: fields["user"] ?? .null)
        token = try fields.text("token")
    }
}
