// Accounts and tokens.
extension API {
    static let accountEndpoints: [any Endpoint.Type] = [
        Register.self, Challenge.self, Login.self, Me.self, Verify.self, Refresh.self,
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
        public static let invitation = Field<String>(
            "invitation", "The code of an invitation, where the server asks for one.", isRequired: false)
        public static let challenge = Field<String>(
            "challenge", "The challenge that was solved, where the server asks for one.", isRequired: false)
        public static let number = Field<Int64>(
            "proof", "The number that solves the challenge, from 0.", isRequired: false)
        public static let body = [
            name.description, email.description, password.description, invitation.description,
            challenge.description, number.description,
        ]
        public static let answer = AnswerFormat<SignIn>.data
        public static let successStatus = 201
        public static let refusals: [Refusal] = [
            .missingFields, .passwordTooShort, .passwordTooLong, .nameTooLong, .nameUnfit, .emailTooLong,
            .emailWithoutAt, .emailTaken, .registrationClosed, .invitationMissing, .invitationInvalid,
            .proofMissing,
        ]
    }

    /// - Parameters:
    ///   - password: At least 6 characters.
    ///   - invitation: The code of an invitation, for servers that ask for one.
    ///   - proof: A solved challenge, for servers that ask for one.
    public static func register(
        name: String, email: String, password: String, invitation: String? = nil, proof: SignUpProof? = nil
    ) -> APICall<SignIn> {
        var members = [Register.name(name), Register.email(email), Register.password(password)]
        if let invitation { members.append(Register.invitation(invitation)) }
        if let proof {
            members += [Register.challenge(proof.challenge), Register.number(proof.number)]
        }
        return Register.call(body: JSONObject(members))
    }

    public enum Challenge: OpenEndpoint {
        public static let summary = "A problem to solve before a sign-up."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath("/api/auth/challenge")
        public static let answer = AnswerFormat<SignUpChallenge>.data
        public static let capability: Capability? = .proofOfWork
    }

    public static func challenge() -> APICall<SignUpChallenge> { Challenge.call() }

    public enum Login: OpenEndpoint {
        public static let summary = "Signs in; returns the user and a token."
        public static let method = HTTPMethod.post
        public static let path = EndpointPath("/api/auth/login")
        public static let email = Field<String>("email", "The address of the account, in any case.")
        public static let password = Field<String>("password", "The password of the account.")
        public static let body = [email.description, password.description]
        public static let answer = AnswerFormat<SignIn>.data
        public static let refusals: [Refusal] = [
            .missingFields, .wrongCredentials, .accountDisabled, .emailUnknown, .passwordWrong,
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
