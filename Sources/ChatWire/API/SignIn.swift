/// What registering and logging in give.
public struct SignIn: Hashable, Sendable {
    /// Who has signed in.
    public var user: User
    /// A JWT for the `Authorization` header. Not for logs.
    public var token: String

    /// The outcome of signing in.
    public init(user: User, token: String) {
        self.user = user
        self.token = token
    }

    /// Reads the `data` of the answer.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "data")
        user = try User(json: fields["user"] ?? .null)
        token = try fields.text("token")
    }
}

extension SignIn: CustomStringConvertible {
    /// Who has signed in, without the token, so that a log that prints this gives nothing away.
    public var description: String { "SignIn(user \(user.id))" }
}
