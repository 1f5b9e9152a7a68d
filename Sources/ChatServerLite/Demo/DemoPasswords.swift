import ChatCrypto
import Logging

/// The passwords of a demonstration: of one secret that is made once and kept beside its database, so that no page
/// in the person's browser knows them.
public struct DemoPasswords: Sendable {
    private let secret: [UInt8]

    /// Those of the database at `path`.
    ///
    /// - Parameter logger: gets a warning when others could read the secret.
    public init(besides path: String, logger: Logger) throws(ConfigurationError) {
        let kept = path + ".demo-secret"
        do {
            secret = try PrivateFile.createOnce(
                kept, contents: Array(Base64URL.encode(RandomBytes.generate(32)).utf8), logger: logger)
        } catch {
            throw .unusablePath(path: kept, reason: error.reason)
        }
    }

    /// Ones that stay the same for the same secret.
    init(secret: [UInt8]) { self.secret = secret }

    func password(of person: DemoPerson) -> String {
        let code = HMAC.authenticate(Array(person.email.utf8), key: secret, using: .sha256)
        // As one word of letters and digits, which can be typed into any shell.
        return String(Base64URL.encode(code).filter { $0.isLetter || $0.isNumber }.prefix(16))
    }
}
