/// The result of registering and of logging in.
public struct SignIn: Hashable, Sendable {
    /// The user who has signed in.
    public var user: User
    /// A JWT for the `Authorization` header. Do not log it.
    public var token: String

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
    /// The user, without the token, so that a log that prints it reveals nothing.
    public var description: String { "SignIn(user \(user.id))" }
}
