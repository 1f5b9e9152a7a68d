import ChatCrypto
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Our Web Push and that of pywebpush, http_ece and py_vapid, which many servers use, can read each other.
///
/// The tests run one after the other, because each blocks one of the few threads that tasks share.
@Suite(.serialized) struct WebPushInteroperationTests {
    private static let program = URL(filePath: #filePath).appending(
        path: "../../../../fixtures/reference-api/run"
    ).standardizedFileURL

    /// Whether the libraries are installed. Tests install nothing; `fixtures/reference-api/run --prepare`
    /// does.
    private static let isPrepared = FileManager.default.fileExists(
        atPath: program.appending(path: "../../../.cache/reference-api/installed").standardizedFileURL.path)

    @Test(.enabled(if: isPrepared, "fixtures/reference-api/run --prepare installs what this is held against"))
    func theyReadEachOther() async throws {
        let service = try PushServiceStandIn()
        defer { service.stop() }
        try await TestServer.run(configure: { $0.push.allowsPrivateEndpoints = true }) { server in
            let ana = try server.register("Ana Ç")
            let bia = try server.register("Bia")
            let browser = Browser(service, "/bia")
            try browser.subscribe(bia, server)
            let sent = try server.http().post(
                "/api/messages/send", ["receiver_id": .integer(bia.id.rawValue), "content": "olá 👋"],
                token: ana.token)
            #expect(sent.status == 201)
            let push = try await service.next()
            let answer = try Self.ask([
                "authorization": .string(push.headers["authorization"] ?? ""),
                "body": .string(Base64URL.encode(push.body)), "key": .string(browser.privateKeyText),
                "auth": .string(browser.secretText), "text": "de outro",
            ])

            let plain = try JSONValue(parsing: try #require(answer["plain"]?.stringValue))
            #expect(plain == (try browser.open(push)))
            #expect(plain["body"] == "olá 👋")
            #expect(answer["isVerified"] == true)
            #expect(answer["claims"]?["aud"] == .string("http://127.0.0.1:\(service.port)"))
            let sealed = try Base64URL.decode(try #require(answer["sealed"]?.stringValue))
            #expect(String(decoding: try browser.open(sealed), as: UTF8.self) == "de outro")
        }
    }

    /// A key that was made for another server works here, in every documented form.
    @Test(.enabled(if: isPrepared, "fixtures/reference-api/run --prepare installs what this is held against"))
    func keysOfOtherServersAreAccepted() throws {
        let key = P256PrivateKey()
        let secret = RandomBytes.generate(16)
        let body = try WebPushMessage.seal(Array("x".utf8), to: key.publicKey, secret: secret)
        var signer = VAPIDSigner(key: VAPIDKey(), subject: "mailto:ana@exemplo.com")
        let answer = try Self.ask([
            "authorization": .string(
                try signer.authorization(for: "https://push.example.net", now: ServerClock.now())),
            "body": .string(Base64URL.encode(body)), "key": .string(Base64URL.encode(key.secret)),
            "auth": .string(Base64URL.encode(secret)), "text": "x",
        ])
        #expect(answer["isVerified"] == true)
        let forms = try #require(answer["key"]?["forms"]?.objectValue)
        #expect(forms.count == 5)
        for form in forms.members {
            let found = try #require(VAPIDKey(parsing: form.value.stringValue ?? ""), "\(form.key)")
            #expect(.string(found.publicText) == answer["key"]?["public"], "\(form.key)")
        }
    }

    private static func ask(_ question: JSONValue) throws -> JSONValue {
        let process = Process()
        process.executableURL = program
        process.arguments = [
            "--python", program.deletingLastPathComponent().appending(path: "web_push.py").path,
        ]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(question.serialized()))
        try input.fileHandleForWriting.close()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try JSONValue(parsing: [UInt8](data))
    }
}
