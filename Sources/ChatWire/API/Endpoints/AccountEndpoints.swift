// Accounts and tokens.
extension API {
    static let accountEndpoints: [any Endpoint.Type] = [
        Register.self, Login.self, Me.self, Verify.self, Refresh.self,
    ]

    public enum Register: OpenEndpoint {
        public static let summary = "Creates an account and signs it in."
        public static let method = HTTPMethod.post
        public static let path = EndpointPath("/api/auth/register")
        public static let name = Field<String>(
            "name", "The user's own name: 1 to 100 Unicode scalars after stripping.")
        public static let email = Field<String>(
            "email", "The address to sign in with, in any case: 1 to 255 Unicode scalars after stripping.")
        public static let password = Field<String>(
            "password", "At least 6 Unicode scalars, and at most 72 bytes of UTF-8.")
        public static let body = [name.description, email.description, password.description]
        public static let answer = AnswerFormat<SignIn>.data
        public static let successStatus = 201
        public static let refusals: [Refusal] = [
            .missingFields, .passwordTooShort, .passwordTooLong, .nameTooLong, .nameUnfit, .emailTooLong,
            .emailWithoutAt, .emailTaken,
        ]
    }

    /// - Parameter password: At least 6 characters.
    public static func register(name: String, email: String, password: String) -> APICall<SignIn> {
        Register.call(
            body: JSONObject([Register.name(name), Register.email(email), Register.password(password)]))
    }

    public enum Login: OpenEndpoint {
        public static let summary = "Signs in; returns the user and a token."
        public static let method = HTTPMethod.post
        public static let path = EndpointPath("/api/auth/login")
        public static let email = Field<String>("email", "The address of the account, in any case.")
        public static let password = Field<String>("password", "The password of the account.")
        public static let body = [email.description, password.description]
        public static let answer = AnswerFormat<SignIn>.data
        public static let refusals: [Refusal] = [
            .missingFields, .wrongCredentials, .emailUnknown, .passwordWrong,
        ]
    }

    public static func login(email: String, password: String) -> APICall<SignIn> {
        Login.call(body: JSONObject([Login.email(email), Login.password(password)]))
    }

    public enum Me: AccountEndpoint {
        public static let summary = "The user that the token belongs to."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath("/api/auth/me")
        public static let answer = AnswerFormat.member(SignIn.Fields.user)
    }

    public static func me() -> APICall<User> { Me.call() }

    public enum Verify: AccountEndpoint {
        public static let summary = "Succeeds when the token is valid."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath("/api/auth/verify")
        public static let answer = AnswerFormat.nothing
    }

    public static func verify() -> APICall<Void> { Verify.call() }

    public enum Refresh: AccountEndpoint {
        public static let summary = "Exchanges a valid token for a new one."
        public static let method = HTTPMethod.post
        public static let path = EndpointPath("/api/auth/refresh")
        public static let answer = AnswerFormat.member(SignIn.Fields.token)
        public static let capability: Capability? = .refresh
    }

    public static func refresh() -> APICall<String> { Refresh.call() }
}
