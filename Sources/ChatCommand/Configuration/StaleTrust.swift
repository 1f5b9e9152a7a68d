import ChatTUI
import Glibc

/// A variable for the certificate authorities of this machine that points nowhere: then nothing is trusted, and the
/// reason is not obvious.
struct StaleTrust: Hashable, Sendable {
    let name: String
    /// Sanitised.
    let path: String

    /// The first such variable; nil when both are valid or not set.
    init?(environment: [String: String]) {
        for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
            // OpenSSL treats an empty variable as a path too.
            guard let path = environment[name], access(path, R_OK) != 0 else { continue }
            self.name = name
            self.path = Sanitizer.line(path)
            return
        }
        return nil
    }
}
