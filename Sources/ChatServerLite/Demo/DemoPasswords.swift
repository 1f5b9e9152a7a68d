import ChatCrypto
import Logging

/// The passwords of a demonstration. They are derived from a secret that is generated once and kept beside
/// the database, so that no page in the person's browser knows them.
public struct DemoPasswords: Sendable {
    private let secret: [UInt8]

    /// The passwords for the database at `path`. The first call creates the secret.
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

    /// Passwords that depend only on the secret.
    init(secret: [UInt8]) { self.secret = secret }

    /// The password of a person: at most 16 letters and digits.
    func password(of person: DemoPerson) -> String {
        let code = HMAC.authenticate(Array(person.email.utf8), key: secret, using: .sha256)
        // Only letters and digits, so that it can be typed into any shell.
        return String(Base64URL.encode(code).filter { $0.isLetter || $0.isNumber }.prefix(16))
    }
}
