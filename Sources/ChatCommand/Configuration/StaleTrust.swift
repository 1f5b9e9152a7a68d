import ChatTUI
import Glibc

/// A variable that says where the certificate authorities of this machine are, and leads nowhere: then nobody is
/// trusted, and it is not plain why.
struct StaleTrust: Hashable, Sendable {
    let name: String
    /// Sanitised.
    let path: String

    /// The first such variable; nil when both are well, or not set.
    init?(environment: [String: String]) {
        for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
            // OpenSSL takes an empty variable for a path too.
            guard let path = environment[name], access(path, R_OK) != 0 else { continue }
            self.name = name
            self.path = Sanitizer.line(path)
            return
        }
        return nil
    }
}
