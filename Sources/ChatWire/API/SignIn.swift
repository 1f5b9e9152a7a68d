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
}

extension SignIn: WireObject {
    public enum Fields {
        public static let user = Field<User>("user", "The user who has signed in.")
        public static let token = Field<String>("token", "A JWT for the `Authorization` header.")
    }

    public static var members: [FieldDescription] { [Fields.user.description, Fields.token.description] }

    /// Reads the `data` of the answer.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "data")
        user = try fields[Fields.user]
        token = try fields[Fields.token]
    }

    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        writer.member(Fields.user, user, as: form)
        writer.member(Fields.token, token)
    }
}

extension SignIn: CustomStringConvertible {
    /// The user, without the token, so that a log that prints it reveals nothing.
    public var description: String { "SignIn(user \(user.id))" }
}
