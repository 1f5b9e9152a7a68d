import ChatWire

/// The secrets of a server's tokens as the command line works with them: those beside the database, and that of the
/// settings.
package struct TokenSecrets {
    private let file: TokenSecretsFile
    private let configured: TokenKey?

    package init(settings: ServerSettings, databasePath: String) {
        file = TokenSecretsFile(besides: databasePath)
        configured = settings.find("JWT_SECRET_KEY").map { TokenKey(secret: Array($0.text.utf8)) }
    }

    /// What there is, without the secrets themselves.
    package func report() throws -> TokenSecretReport {
        let keys = TokenKey.sorted(kept: try file.read(), configured: configured)
        return TokenSecretReport(
            entries: keys.enumerated().map { index, key in
                TokenSecretReport.Entry(
                    id: key.id, createdAt: key.createdAt, signs: index == 0,
                    isConfigured: key.id == configured?.id)
            })
    }

    /// Makes a secret that signs from now on.
    ///
    /// - Returns: its name.
    package func rotate(now: Timestamp = ServerClock.now()) throws -> String {
        // A server that has never run signs nothing yet: its first secret is the new one.
        try file.rotate(now: now).id
    }

    /// Removes a secret.
    package func retire(_ id: String) throws { try file.retire(id, configured: configured) }
}

/// The secrets that sign and verify tokens, by their names.
package struct TokenSecretReport: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package let id: String
        /// Nil when nobody has recorded it.
        package let createdAt: Timestamp?
        /// Whether it signs new tokens; the others verify only.
        package let signs: Bool
        /// Whether it is `JWT_SECRET_KEY`.
        package let isConfigured: Bool
    }

    package let entries: [Entry]

    /// One line for each secret: its name, when it was made, and what it does.
    package var text: String {
        guard !entries.isEmpty else { return "no secret yet; the first start of the server makes one" }
        return entries.map { entry in
            let time = entry.createdAt.map { WireDate.iso(Timestamp(seconds: $0.seconds)) + "Z" } ?? "-"
            return
                "\(entry.id)  \(time.padded(to: 20))  \(entry.signs ? "signs" : "verifies")"
                + (entry.isConfigured ? "  JWT_SECRET_KEY" : "")
        }.joined(separator: "\n")
    }

    package var json: String {
        let secrets = entries.map { entry -> JSONValue in
            [
                "kid": .string(entry.id),
                "created_at": entry.createdAt.map { .string(WireDate.iso($0) + "Z") } ?? .null,
                "signs": .bool(entry.signs), "configured": .bool(entry.isConfigured),
            ]
        }
        let object: JSONValue = ["secrets": .array(secrets)]
        return String(decoding: object.serialized(), as: UTF8.self)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - utf8.count))
    }
}
