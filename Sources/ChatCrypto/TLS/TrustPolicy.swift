/// Whom a TLS client believes. In every case the certificate must be for the host that was asked
/// for, and within its dates.
public struct TrustPolicy: Hashable, Sendable {
    /// Whether the certificate authorities of the operating system count (OpenSSL's default places,
    /// or those that SSL_CERT_FILE and SSL_CERT_DIR name).
    public var usesSystemAuthorities: Bool

    /// The path of a PEM file with further authorities. A self-signed server certificate may be in it.
    public var authorityFile: String?

    /// When not empty, the server's own key must be among these; one that is needs no authority
    /// behind it.
    public var pins: Set<PublicKeyPin>

    public init(
        usesSystemAuthorities: Bool = true, authorityFile: String? = nil, pins: Set<PublicKeyPin> = []
    ) {
        self.usesSystemAuthorities = usesSystemAuthorities
        self.authorityFile = authorityFile
        self.pins = pins
    }

    /// The authorities of the operating system, nothing else.
    public static let system = TrustPolicy()
}
