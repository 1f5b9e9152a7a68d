/// Which servers a TLS client trusts. In every case the certificate must be for the requested host, and within its
/// dates.
public struct TrustPolicy: Hashable, Sendable {
    /// Whether to trust the certificate authorities of the operating system (OpenSSL's default places, or those in
    /// SSL_CERT_FILE and SSL_CERT_DIR).
    public var usesSystemAuthorities: Bool

    /// The path of a PEM file with further authorities. It may contain a self-signed server certificate.
    public var authorityFile: String?

    /// When not empty, the server's own key must be one of these; such a key needs no authority.
    public var pins: Set<PublicKeyPin>

    public init(
        usesSystemAuthorities: Bool = true, authorityFile: String? = nil, pins: Set<PublicKeyPin> = []
    ) {
        self.usesSystemAuthorities = usesSystemAuthorities
        self.authorityFile = authorityFile
        self.pins = pins
    }

    /// Only the authorities of the operating system.
    public static let system = TrustPolicy()
}
