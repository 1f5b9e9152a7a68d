/// What a client sends with its CONNECT to say who it is.
public enum ConnectAuthorization {
    private static let token = Field<String>("token", "The token of the account, a JWT.")

    public static var members: [FieldDescription] { [token.description] }

    /// The payload of the CONNECT.
    public static func payload(token: String) -> JSONObject { JSONObject([Self.token(token)]) }

    /// The token in the payload of a CONNECT.
    public static func token(in payload: JSONValue?) -> String? { payload?[token]?.stringValue }
}
