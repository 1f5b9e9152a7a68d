/// A problem that costs its solver time. The server takes a sign-up only with the solution.
public struct SignUpChallenge: Hashable, Sendable {
    /// The text of the problem.
    public var text: String
    /// The zero bits with which the SHA-256 of `TEXT:NUMBER` must begin.
    public var bits: Int
    /// How long the solution is accepted, in seconds.
    public var lifetime: Int

    public init(text: String, bits: Int, lifetime: Int) {
        self.text = text
        self.bits = bits
        self.lifetime = lifetime
    }

    /// The most bits that a client accepts: minutes of work.
    public static let bitsMax = 28
}

extension SignUpChallenge: WireObject {
    private enum Fields {
        static let text = Field<String>("challenge", "The text of the problem.")
        static let bits = Field<Int>(
            "bits",
            "The zero bits with which the SHA-256 of the challenge, a colon and the decimal number must begin."
        )
        static let lifetime = Field<Int>("expires_in", "How long the solution is accepted, in seconds.")
    }

    public static var members: [FieldDescription] {
        [Fields.text.description, Fields.bits.description, Fields.lifetime.description]
    }

    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "data")
        text = try fields[Fields.text]
        bits = try fields[Fields.bits]
        lifetime = try fields[Fields.lifetime]
    }

    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        writer.member(Fields.text, text)
        writer.member(Fields.bits, bits)
        writer.member(Fields.lifetime, lifetime)
    }
}

/// A solved challenge.
public struct SignUpProof: Hashable, Sendable {
    /// The text of the challenge.
    public var challenge: String
    /// The number that solves it.
    public var number: Int64

    public init(challenge: String, number: Int64) {
        self.challenge = challenge
        self.number = number
    }
}
