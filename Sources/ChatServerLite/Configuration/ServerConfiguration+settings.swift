import ChatCrypto
import ChatWire
import Logging

extension ServerConfiguration {
    /// Reads the settings, and reads or creates the kept secrets. When a setting is wrong, no secret is created.
    ///
    /// - Parameters:
    ///   - path: the path of the database, which the storage finds in the settings. Its directory exists.
    ///   - handedSockets: sockets that a service manager has opened.
    ///   - readsTokenSecrets: whether the kept token secrets are read, or made. Reading takes rights of others away.
    ///   - logger: gets a warning when others could read a kept secret, or guess the one of the settings.
    public init(
        settings: ServerSettings, databasePath path: String, handedSockets: [HandedSocket] = [],
        readsTokenSecrets: Bool = true, logger: Logger
    ) throws(ConfigurationError) {
        let reader = SettingsReader(settings: settings)
        var draft = ServerConfiguration(databasePath: path, tokenSecret: [])
        draft.highWaterMarkPath = reader.highWaterMarkPath(of: path)
        if let host = settings.find("HOST") { draft.host = host.text }
        draft.port = try reader.integer("PORT", in: 0...65_535) ?? draft.port
        draft.tls = try reader.tls()
        draft.listen = try reader.listen(hasCertificate: draft.tls != nil)
        draft.handedSockets = handedSockets
        draft.bcryptCost = try reader.integer("BCRYPT_COST", in: 4...31) ?? draft.bcryptCost
        draft.tokenAlgorithm = try reader.tokenAlgorithm() ?? draft.tokenAlgorithm
        draft.behaviour = try reader.behaviour()
        draft.requestRates = try reader.requestRates()
        draft.audit = try reader.audit()
        draft.administrationSocket = reader.administrationSocket(of: path)
        draft.registration = try reader.registration()
        draft.trustedProxies = try reader.trustedProxies()
        draft.proofOfWorkBits = try reader.proofOfWorkBits(mayServeOthers: draft.mayServeOthers)
        draft.changeRetention = try reader.changeRetention()
        draft.durability = try reader.durability() ?? draft.durability
        let hours = try reader.integer("JWT_EXPIRATION_HOURS", in: 1...87_600) ?? 24
        draft.tokenLifetime = draft.behaviour.tokenLifetimeUnit * hours
        draft.allowedOrigins = try reader.allowedOrigins() ?? draft.allowedOrigins
        draft.isDebugging = try reader.flag("FLASK_DEBUG") ?? draft.isDebugging
        draft.logsRequests = try reader.flag("LOG_REQUESTS") ?? draft.logsRequests
        draft.logFormat = try reader.logFormat()
        draft.metrics = try MetricsConfiguration(settings: settings)
        draft.configuredKey = try reader.tokenKey(
            isReachable: draft.isReachableFromElsewhere, logger: logger)
        draft.tokenKeys = TokenKey.sorted(
            kept: readsTokenSecrets ? try reader.keptKeys(besides: path, logger: logger) : [],
            configured: draft.configuredKey)
        draft.watchesTokenSecrets = true
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

    /// The secret of the settings; nil when there is none.
    ///
    /// - Throws: `weakSecret` for one that can be guessed, if other machines can reach the server or
    ///   `FLASK_ENV=production` says so. Otherwise that is a warning.
    func tokenKey(isReachable: Bool, logger: Logger) throws(ConfigurationError) -> TokenKey? {
        guard let found = settings.find("JWT_SECRET_KEY") else { return nil }
        let key = TokenKey(secret: Array(found.text.utf8))
        guard let weakness = SecretStrength.weakness(of: found.text) else { return key }
        let environment = settings.find("FLASK_ENV")?.text.lowercased() ?? ""
        let isProduction = ["production", "prod"].contains(strippedLikePython(environment))
        guard !isReachable, !isProduction else {
            throw .weakSecret(source: found.source, reason: weakness)
        }
        logger.warning(
            "the secret of tokens can be guessed, and who knows it can sign in as anybody",
            metadata: [
                "setting": "JWT_SECRET_KEY", "source": "\(found.source)", "reason": "\(weakness)",
                "advice": "leave it out and one is generated and kept",
            ])
        return key
    }

    /// The secrets in the file beside the database. Without one in the settings, the first start makes one.
    func keptKeys(
        besides databasePath: String, logger: Logger
    ) throws(ConfigurationError) -> [TokenKey] {
        let file = TokenSecretsFile(besides: databasePath)
        do throws(TokenSecretsFile.Failure) {
            guard settings.find("JWT_SECRET_KEY") == nil else { return try file.read(logger: logger) }
            return try file.readOrMake(logger: logger)
        } catch {
            switch error {
            case .file(let path, let reason): throw .unusablePath(path: path, reason: reason)
            default: throw .unusablePath(path: file.path, reason: "\(error)")
            }
        }
    }
}
