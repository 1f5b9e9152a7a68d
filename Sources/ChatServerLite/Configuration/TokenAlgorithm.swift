/// The HMAC that signs tokens (RFC 7518 section 3.2).
public enum TokenAlgorithm: String, CaseIterable, Sendable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
}
