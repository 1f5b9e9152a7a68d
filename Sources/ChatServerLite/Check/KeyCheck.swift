import Glibc
import Logging

/// Looks at the secret of the tokens and at the key for pushes, without making them.
struct KeyCheck {
    let settings: ServerSettings
    let databasePath: String
    let configuration: ServerConfiguration

    var lines: [CheckLine] { [tokenSecret, pushKey] + contact }

    private var tokenSecret: CheckLine {
        guard let found = settings.find("JWT_SECRET_KEY") else {
            return kept(".jwt-secret", "the secret that signs tokens") { bytes in
                let file = TokenSecretsFile(besides: databasePath)
                return (try? file.parse(bytes)) == nil ? "is too short" : nil
            }
        }
        guard let weakness = SecretStrength.weakness(of: found.text) else {
            return CheckLine(.keys, .ok, "JWT_SECRET_KEY (\(found.source)) is strong enough")
        }
        return CheckLine(
            .keys, .warning, "JWT_SECRET_KEY (\(found.source)) is \(weakness)",
            advice: "use at least 32 random characters, or leave it out and one is generated and kept")
    }

    private var pushKey: CheckLine {
        guard
            let found = settings.find("VAPID_PRIVATE_KEY") ?? settings.find("VAPID_PRIVATE_KEY_BASE64")
        else {
            return kept(".vapid-key", "the key for pushes") { bytes in
                VAPIDKey(parsing: String(decoding: bytes, as: UTF8.self)) == nil ? "holds no key" : nil
            }
        }
        return CheckLine(
            .keys, .ok,
            "the key for pushes (\(found.source)) has the public key \(configuration.push.key.publicText)")
    }

    private var contact: [CheckLine] {
        guard settings.find("VAPID_CLAIM_EMAIL") == nil else { return [] }
        return [
            CheckLine(
                .keys, .warning, "push services are given \(configuration.push.subject) as the contact",
                advice: "set VAPID_CLAIM_EMAIL to your own address; some services refuse pushes without it")
        ]
    }

    /// A secret in a file beside the database, which the first start makes.
    private func kept(_ suffix: String, _ what: String, problem: ([UInt8]) -> String?) -> CheckLine {
        let path = databasePath + suffix
        let remedy = "restore \(path) from a backup, or delete it for a new one"
        switch PrivateFile.look(path) {
        case .absent: return CheckLine(.keys, .ok, "\(what) will be made at the first start, in \(path)")
        case .unreadable(let reason):
            return CheckLine(
                .keys, .wrong, "\(what) cannot be read from \(path): \(reason)",
                advice: "let the user that the server runs as own it")
        case .found(let bytes, let mode):
            if let problem = problem(bytes) {
                return CheckLine(.keys, .wrong, "\(what) in \(path) \(problem)", advice: remedy)
            }
            guard mode & PrivateFile.Sharing.none.rawValue == 0 else {
                return CheckLine(
                    .keys, .warning, "others may use \(path) (mode \(String(mode & 0o7777, radix: 8)))",
                    advice: "chmod 600, and make a new secret if others may have read it")
            }
            return CheckLine(.keys, .ok, "\(what) is in \(path)")
        }
    }
}

extension PrivateFile {
    /// What is at a path.
    enum Look {
        case absent
        case unreadable(reason: String)
        case found([UInt8], mode: mode_t)
    }

    /// Reads a file, at most 64 KB, and changes none of its rights.
    static func look(_ path: String) -> Look {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            return errno == ENOENT ? .absent : .unreadable(reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return .unreadable(reason: Failure.notRegular.reason)
        }
        var contents = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &contents, contents.count)
        guard count >= 0 else { return .unreadable(reason: String(cString: strerror(errno))) }
        return .found(Array(contents.prefix(count)), mode: status.st_mode)
    }
}
