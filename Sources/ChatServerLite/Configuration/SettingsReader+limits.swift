// The settings of the limits.
extension SettingsReader {
    /// `LIMIT_ACTION_ADDRESS` and `LIMIT_ACTION_ACCOUNT`, each `COUNT/SECONDS` or `off`; `LIMIT_LOOPBACK`.
    func requestRates() throws(ConfigurationError) -> RequestRates {
        var rates = RequestRates.standard
        for action in LimitedAction.allCases {
            let name = "LIMIT_" + action.name.uppercased()
            rates[action].address = try rate(name + "_ADDRESS", standard: rates[action].address)
            guard action != .signIn, action != .signUp else { continue }
            rates[action].account = try rate(name + "_ACCOUNT", standard: rates[action].account)
        }
        rates.countsLoopback = try flag("LIMIT_LOOPBACK") ?? false
        return rates
    }

    private func rate(_ key: String, standard: Rate?) throws(ConfigurationError) -> Rate? {
        guard let found = settings.find(key) else { return standard }
        if found.text.lowercased() == "off" { return nil }
        guard let rate = Rate(parsing: found.text) else {
            throw invalid(key, found, "\"\(found.text)\" is neither COUNT/SECONDS, such as 60/3600, nor off")
        }
        return rate
    }

    /// `AUDIT_LOG`, and `AUDIT_LOG_MEGABYTES` for the size of a file.
    func audit() throws(ConfigurationError) -> AuditConfiguration? {
        guard let found = settings.find("AUDIT_LOG") else { return nil }
        var audit = AuditConfiguration(path: found.text)
        if let size = try integer("AUDIT_LOG_MEGABYTES", in: 1...10_000) { audit.lengthMax = size << 20 }
        return audit
    }

    func registration() throws(ConfigurationError) -> Registration {
        guard let found = settings.find("REGISTRATION") else { return .open }
        guard let registration = Registration(rawValue: found.text.lowercased()) else {
            throw invalid("REGISTRATION", found, "\"\(found.text)\" is neither open, invite nor closed")
        }
        return registration
    }

    /// `PROOF_OF_WORK`: on, off, or a number of bits. Without it, a server that only this machine can be seen to reach
    /// needs none.
    func proofOfWorkBits(mayServeOthers: Bool) throws(ConfigurationError) -> Int? {
        let standard = 16
        guard let found = settings.find("PROOF_OF_WORK") else { return mayServeOthers ? standard : nil }
        switch found.text.lowercased() {
        case "on": return standard
        case "off": return nil
        default:
            guard let bits = Int(found.text), (1...SignUpChallenges.bitsMax).contains(bits) else {
                throw invalid(
                    "PROOF_OF_WORK", found,
                    "\"\(found.text)\" is neither on, off, nor a number of bits up to \(SignUpChallenges.bitsMax)"
                )
            }
            return bits
        }
    }

    func trustedProxies() throws(ConfigurationError) -> TrustedProxies {
        guard let found = settings.find("TRUSTED_PROXIES") else { return TrustedProxies() }
        do {
            return try TrustedProxies(parsing: found.text)
        } catch {
            throw invalid(
                "TRUSTED_PROXIES", found,
                "\"\(error.text)\" is neither an address nor a network such as 10.0.0.0/8, loopback or unix")
        }
    }
}
