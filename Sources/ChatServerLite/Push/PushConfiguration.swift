import Logging

/// How the server pushes.
public struct PushConfiguration: Equatable, Sendable {
    /// A fresh key each time; ``init(settings:databasePath:)`` keeps one.
    public var key = VAPIDKey()
    /// Whom a push service may write to: a `mailto:` or `https:` address.
    public var subject = "mailto:admin@example.com"
    /// Also push to addresses that are not public, and over http: for trying it out on one machine.
    public var allowsPrivateEndpoints = false
    /// Of the addresses that are not public, only those of this machine, and no public ones.
    public var isForThisMachine = false

    public init() {}

    /// Reads `VAPID_*` and `PUSH_ALLOW_PRIVATE`. Without a key, one is made and kept beside the database.
    ///
    /// - Parameter logger: gets a warning when others could read that key.
    public init(
        settings: ServerSettings, databasePath: String, logger: Logger
    ) throws(ConfigurationError) {
        subject = try Self.subject(settings) ?? subject
        allowsPrivateEndpoints = try Self.allowsPrivateEndpoints(settings) ?? false
        if let key = try Self.configuredKey(settings) {
            self.key = key
        } else {
            key = try Self.keptKey(besides: databasePath, logger)
        }
        guard let found = settings.find("VAPID_PUBLIC_KEY"), !key.matches(publicKey: found.text) else {
            return
        }
        throw .invalidValue(
            setting: "VAPID_PUBLIC_KEY", source: found.source,
            reason: "it does not belong to the private key; leave it out, it is computed from that")
    }

    private static func configuredKey(_ settings: ServerSettings) throws(ConfigurationError) -> VAPIDKey? {
        for setting in ["VAPID_PRIVATE_KEY", "VAPID_PRIVATE_KEY_BASE64"] {
            guard let found = settings.find(setting) else { continue }
            guard let key = VAPIDKey(parsing: found.text) else {
                throw .invalidValue(
                    setting: setting, source: found.source,
                    reason: """
                        no private key of the curve P-256: PEM, base64 of it, or 32 bytes in base64url \
                        ("mychat-server vapid" makes one)
                        """)
            }
            return key
        }
        if let found = settings.find("VAPID_PUBLIC_KEY") {
            throw .invalidValue(
                setting: "VAPID_PUBLIC_KEY", source: found.source,
                reason: "it says nothing without VAPID_PRIVATE_KEY; set both or none")
        }
        return nil
    }

    private static func keptKey(
        besides databasePath: String, _ logger: Logger
    ) throws(ConfigurationError) -> VAPIDKey {
        let path = databasePath + ".vapid-key"
        let kept: [UInt8]
        do {
            kept = try PrivateFile.createOnce(
                path, contents: Array(VAPIDKey().secretText.utf8), logger: logger)
        } catch {
            throw .unusablePath(path: path, reason: error.reason)
        }
        guard let key = VAPIDKey(parsing: String(decoding: kept, as: UTF8.self)) else {
            throw .unusablePath(
                path: path, reason: "it should hold the key for pushes but does not; delete it for a new one")
        }
        return key
    }

    private static func subject(_ settings: ServerSettings) throws(ConfigurationError) -> String? {
        guard let found = settings.find("VAPID_CLAIM_EMAIL") else { return nil }
        do {
            return try PushContact.uri(found.text)
        } catch {
            throw .invalidValue(setting: "VAPID_CLAIM_EMAIL", source: found.source, reason: error.reason)
        }
    }

    private static func allowsPrivateEndpoints(_ settings: ServerSettings) throws(ConfigurationError) -> Bool?
    {
        guard let found = settings.find("PUSH_ALLOW_PRIVATE") else { return nil }
        switch found.text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default:
            throw .invalidValue(
                setting: "PUSH_ALLOW_PRIVATE", source: found.source,
                reason: "\"\(found.text)\" is neither 1 nor 0")
        }
    }
}
