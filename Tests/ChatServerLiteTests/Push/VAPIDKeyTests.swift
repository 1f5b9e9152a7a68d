import ChatCrypto
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct VAPIDKeyTests {
    private let key = VAPIDKey()

    /// The same key in each form in which people have it.
    private func forms() throws -> [String: String] {
        let pem = try key.privateKey.pem()
        let escaped = pem.replacingOccurrences(of: "\n", with: "\\n")
        let der = try #require(
            Data(base64Encoded: pem.split(separator: "\n").dropFirst().dropLast().joined()))
        return [
            "PEM": pem, "PEM in quotes": "\"\(pem)\"", "PEM with escapes": escaped,
            "PEM with escapes in quotes": "'\(escaped)'",
            "PEM with line ends of Windows": pem.replacingOccurrences(of: "\n", with: "\r\n"),
            "PEM with their escapes": pem.replacingOccurrences(of: "\n", with: "\\r\\n"),
            "PEM on one line": pem.replacingOccurrences(of: "\n", with: " "),
            "base64 of the PEM": try key.base64PEM(),
            "base64 of the PEM, in lines": Data(pem.utf8).base64EncodedString(
                options: .lineLength64Characters),
            "base64url of the PEM": Base64URL.encode(Array(pem.utf8)),
            "base64 of the DER": der.base64EncodedString(),
            "raw": key.secretText, "raw, padded": key.secretText + "=",
            "raw in base64": Base64.encode(key.privateKey.secret),
        ]
    }

    @Test func everyFormIsTheSameKey() throws {
        for (name, text) in try forms() {
            #expect(VAPIDKey(parsing: text) == key, "\(name)")
        }
    }

    /// A key in SEC 1 form (RFC 5915), as `openssl ecparam -genkey` writes it.
    @Test func readsSEC1() throws {
        let pem = """
            -----BEGIN EC PARAMETERS-----
            BggqhkjOPQMBBw==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MDECAQEEIMn1j4mBPp+Ohy5x9CqmThdXySVNzGK3LdwBC7QEPqEcoAoGCCqGSM49
            AwEH
            -----END EC PRIVATE KEY-----
            """
        #expect(VAPIDKey(parsing: pem)?.secretText == "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    }

    @Test(arguments: [
        "", "x", "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAA", "\"", "\\",
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(VAPIDKey(parsing: text) == nil)
    }

    private func configuration(_ environment: [String: String]) throws -> PushConfiguration {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        return try PushConfiguration(
            settings: ServerSettings(environment: environment), databasePath: directory + "/chat.db",
            logger: .quiet)
    }

    @Test func readsTheSettings() throws {
        let found = try configuration([
            "VAPID_PRIVATE_KEY": key.secretText, "VAPID_PUBLIC_KEY": key.publicText,
            "VAPID_CLAIM_EMAIL": "ana@exemplo.com", "PUSH_ALLOW_PRIVATE": "1",
        ])
        #expect(found.key == key)
        #expect(found.subject == "mailto:ana@exemplo.com")
        #expect(found.allowsPrivateEndpoints)
        #expect(try configuration(["VAPID_PRIVATE_KEY_BASE64": key.base64PEM()]).key == key)
    }

    @Test func refusesWrongSettings() throws {
        for environment in [
            ["VAPID_PRIVATE_KEY": "x"], ["VAPID_PUBLIC_KEY": key.publicText],
            ["VAPID_PRIVATE_KEY": key.secretText, "VAPID_PUBLIC_KEY": VAPIDKey().publicText],
            ["VAPID_CLAIM_EMAIL": "ana"], ["VAPID_CLAIM_EMAIL": "http://example.com"],
            ["PUSH_ALLOW_PRIVATE": "perhaps"],
        ] {
            #expect(throws: ConfigurationError.self) { try configuration(environment) }
        }
    }

    @Test func makesAKeyOnceAndKeepsItPrivate() throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/chat.db"
        let first = try PushConfiguration(settings: ServerSettings(), databasePath: path, logger: .quiet)
        let second = try PushConfiguration(settings: ServerSettings(), databasePath: path, logger: .quiet)
        #expect(first == second)
        #expect(!first.allowsPrivateEndpoints)
        let attributes = try FileManager.default.attributesOfItem(atPath: path + ".vapid-key")
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test func reusesTheSignatureForAnOrigin() throws {
        var signer = VAPIDSigner(key: key, subject: "mailto:ana@exemplo.com")
        let now = Timestamp(seconds: 1_800_000_000)
        let text = try signer.authorization(for: "https://push.example.net", now: now)
        #expect(try signer.authorization(for: "https://push.example.net", now: now) == text)
        let later = Timestamp(seconds: now.seconds + 11 * 3600 + 1)
        #expect(try signer.authorization(for: "https://push.example.net", now: later) != text)

        let fields = text.dropFirst("vapid t=".count).components(separatedBy: ",k=")
        #expect(text.hasPrefix("vapid t="))
        #expect(fields.last == key.publicText)
        let parts = try #require(fields.first).components(separatedBy: ".")
        try #require(parts.count == 3)
        #expect(
            try JSONValue(parsing: Base64URL.decode(parts[0])) == ["typ": "JWT", "alg": "ES256"])
        #expect(
            try JSONValue(parsing: Base64URL.decode(parts[1])) == [
                "aud": "https://push.example.net", "exp": 1_800_043_200, "sub": "mailto:ana@exemplo.com",
            ])
        #expect(
            key.privateKey.publicKey.isValidSignature(
                try Base64URL.decode(parts[2]), for: Array("\(parts[0]).\(parts[1])".utf8)))
    }
}
