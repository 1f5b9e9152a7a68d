import ChatCrypto
import ChatWire
import Logging

extension ServerConfiguration {
    /// Reads the settings, and reads or creates the kept secrets. When a setting is wrong, no secret is created.
    ///
    /// - Parameters:
    ///   - path: the path of the database, which the storage finds in the settings. Its directory exists.
    ///   - logger: gets a warning when others could read a kept secret.
    public init(
        settings: ServerSettings, databasePath path: String, logger: Logger
    ) throws(ConfigurationError) {
        let reader = SettingsReader(settings: settings)
        var draft = ServerConfiguration(databasePath: path, tokenSecret: [])
        draft.highWaterMarkPath = reader.highWaterMarkPath(of: path)
        if let host = settings.find("HOST") { draft.host = host.text }
        draft.port = try reader.integer("PORT", in: 0...65_535) ?? draft.port
        draft.tls = try reader.tls()
        draft.listen = try reader.listen(hasCertificate: draft.tls != nil)
        draft.bcryptCost = try reader.integer("BCRYPT_COST", in: 4...31) ?? draft.bcryptCost
        draft.tokenAlgorithm = try reader.tokenAlgorithm() ?? draft.tokenAlgorithm
        draft.behaviour = try reader.behaviour()
        draft.requestRates = try reader.requestRates()
        draft.audit = try reader.audit()
        draft.administrationSocket = reader.administrationSocket(of: path)
        draft.registration = try reader.registration()
        draft.proofOfWorkBits = try reader.proofOfWorkBits(host: draft.host)
        draft.trustedProxies = try reader.trustedProxies()
        draft.changeRetention = try reader.changeRetention()
        draft.durability = try reader.durability() ?? draft.durability
        let hours = try reader.integer("JWT_EXPIRATION_HOURS", in: 1...87_600) ?? 24
        draft.tokenLifetime = draft.behaviour.tokenLifetimeUnit * hours
        draft.allowedOrigins = try reader.allowedOrigins() ?? draft.allowedOrigins
        draft.isDebugging = try reader.flag("FLASK_DEBUG") ?? draft.isDebugging
        draft.logsRequests = try reader.flag("LOG_REQUESTS") ?? draft.logsRequests
        draft.logFormat = try reader.logFormat()
        draft.metrics = try MetricsConfiguration(settings: settings)
        if let secret = try reader.tokenSecret() {
            draft.tokenSecret = secret
        } else {
            draft.tokenSecret = try KeptSecret.tokenSecret(besides: path, logger)
        }
        draft.push = try PushConfiguration(settings: settings, databasePath: path, logger: logger)
        self = draft
    }
}

/// Reads single settings; each error names the setting and its source.
struct SettingsReader {
    let settings: ServerSettings

    func invalid(_ key: String, _ found: ServerSettings.Found, _ reason: String) -> ConfigurationError {
        .invalidValue(setting: key, source: found.source, reason: reason)
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let found = settings.find(key) else { return nil }
        guard let number = Int(found.text), range.contains(number) else {
            throw invalid(
                key, found,
                "\"\(found.text)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func tls() throws(ConfigurationError) -> TLSFiles? {
        switch (settings.find("TLS_CERT_FILE"), settings.find("TLS_KEY_FILE")) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return TLSFiles(certificate: certificate.text, key: key.text)
        case (let certificate?, nil):
            throw invalid("TLS_CERT_FILE", certificate, "TLS_KEY_FILE is needed too; it may be the same file")
        case (nil, let key?): throw invalid("TLS_KEY_FILE", key, "TLS_CERT_FILE is needed too")
        }
    }

    func listen(hasCertificate: Bool) throws(ConfigurationError) -> [ListenAddress] {
        guard let found = settings.find("LISTEN") else { return [] }
        let addresses: [ListenAddress]
        do {
            addresses = try ListenAddress.list(parsing: found.text, isSecure: hasCertificate)
        } catch {
            throw invalid("LISTEN", found, error.reason)
        }
        guard hasCertificate || !addresses.contains(where: \.isSecure) else {
            throw invalid("LISTEN", found, "https needs a certificate; set TLS_CERT_FILE and TLS_KEY_FILE")
        }
        return addresses
    }

    func flag(_ key: String) throws(ConfigurationError) -> Bool? {
        guard let found = settings.find(key) else { return nil }
        switch found.text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default: throw invalid(key, found, "\"\(found.text)\" is neither True nor False")
        }
    }

    /// The path of the high-water mark; nil when there is no directory for state. The mark is stored with the
    /// state of programs and named after the database, so restoring the database's directory does not restore
    /// an old mark.
    func highWaterMarkPath(of databasePath: String) -> String? {
        let state: String
        if let directory = settings.environmentVariable("XDG_STATE_HOME"), directory.hasPrefix("/") {
            state = directory
        } else if let home = settings.environmentVariable("HOME"), home.hasPrefix("/") {
            state = home + "/.local/state"
        } else {
            return nil
        }
        let name = Digest.sha256(Array(PrivateFile.absolute(databasePath).utf8)).prefix(16).reduce(into: "") {
            text, byte in
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return state + "/mychat-server/" + name + ".mark"
    }

    func tokenAlgorithm() throws(ConfigurationError) -> TokenAlgorithm? {
        guard let found = settings.find("JWT_ALGORITHM") else { return nil }
        guard let algorithm = TokenAlgorithm(rawValue: found.text.uppercased()) else {
            let names = TokenAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid("JWT_ALGORITHM", found, "\"\(found.text)\" is none of \(names)")
        }
        return algorithm
    }

    func allowedOrigins() throws(ConfigurationError) -> AllowedOrigins? {
        guard let found = settings.find("FRONTEND_URL") else { return nil }
        do {
            return try AllowedOrigins(parsing: found.text)
        } catch {
            throw invalid(
                "FRONTEND_URL", found,
                error.reason + "; expected is a comma-separated list as https://chat.example.org, or *")
        }
    }

    func behaviour() throws(ConfigurationError) -> ServerBehaviour {
        guard let found = settings.find("COMPAT") else { return .extended }
        switch found.text.lowercased() {
        case "off", "none", "extended": return .extended
        case "original": return .original
        default:
            throw invalid("COMPAT", found, "\"\(found.text)\" is neither original nor off")
        }
    }

    func changeRetention() throws(ConfigurationError) -> ChangeRetention {
        var retention = ChangeRetention()
        if let days = try integer("SYNC_HISTORY_DAYS", in: 0...36_500) {
            retention.age = days == 0 ? nil : .seconds(days * 24 * 3600)
        }
        if let entries = try integer("SYNC_HISTORY_ENTRIES", in: 1000...1_000_000_000_000) {
            retention.entries = Int64(entries)
        }
        return retention
    }

    func logFormat() throws(ConfigurationError) -> LogFormat {
        guard let found = settings.find("LOG_FORMAT") else { return .auto }
        guard let format = LogFormat(rawValue: found.text.lowercased()) else {
            throw invalid("LOG_FORMAT", found, "\"\(found.text)\" is neither auto, text nor json")
        }
        return format
    }

    func durability() throws(ConfigurationError) -> Durability? {
        guard let found = settings.find("DURABILITY") else { return nil }
        switch found.text.lowercased() {
        case "full": return .full
        case "normal": return .normal
        default: throw invalid("DURABILITY", found, "\"\(found.text)\" is neither full nor normal")
        }
    }

    func tokenSecret() throws(ConfigurationError) -> [UInt8]? {
        guard let found = settings.find("JWT_SECRET_KEY") else { return nil }
        let isProduction = settings.find("FLASK_ENV")?.text.lowercased() == "production"
        if isProduction, let weakness = SecretStrength.weakness(of: found.text) {
            throw .weakSecret(source: found.source, reason: weakness)
        }
        return Array(found.text.utf8)
    }
}

/// Judges whether a token secret is fit for production.
enum SecretStrength {
    /// Secrets that everyone knows, because documentation and examples print them.
    private static let published: Set<String> = [
        "secret", "secret-key", "secret_key", "changeme", "change-me", "change_me", "password",
        "your-secret-key", "your_secret_key", "your-secret-key-here", "your_secret_key_here",
        "your-jwt-secret-key", "your_jwt_secret_key", "your-super-secret-jwt-key",
        "your-secret-key-change-in-production", "your_secret_key_change_in_production",
        "dev-secret-key", "dev_secret_key", "sua-chave-secreta", "sua_chave_secreta",
        "sua-chave-secreta-aqui", "sua_chave_secreta_aqui", "sua-chave-secreta-super-segura",
        "sua_chave_secreta_super_segura", "jwt-secret-key", "jwt_secret_key",
    ]

    /// The weakness in words; nil for an acceptable secret.
    static func weakness(of secret: String) -> String? {
        if published.contains(secret.lowercased()) { return "a documented example" }
        if secret.utf8.count < 32 { return "shorter than 32 bytes" }
        if Set(secret.utf8).count < 8 { return "made of too few different characters" }
        return nil
    }
}

/// Secrets that the server generates once and keeps beside the database.
enum KeptSecret {
    /// The key that signs tokens, from the file beside the database. The first start creates it.
    static func tokenSecret(
        besides databasePath: String, _ logger: Logger
    ) throws(ConfigurationError) -> [UInt8] {
        let path = databasePath + ".jwt-secret"
        let kept: [UInt8]
        do {
            let fresh = Array(Base64URL.encode(RandomBytes.generate(48)).utf8)
            kept = try PrivateFile.createOnce(path, contents: fresh, logger: logger)
        } catch {
            throw .unusablePath(path: path, reason: error.reason)
        }
        let secret = Array(kept.prefix { $0 != 0x0A })
        guard secret.count >= 32 else {
            throw .unusablePath(
                path: path,
                reason: "it should hold the token secret but is too short; delete it for a new one")
        }
        return secret
    }
}
