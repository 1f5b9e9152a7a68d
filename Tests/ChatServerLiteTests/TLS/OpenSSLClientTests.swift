import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// What the server's TLS offers and refuses, as the openssl program of the system sees it.
@Suite(
    .enabled(if: OpenSSLClient.isAvailable, "SKIPPED: no openssl program in PATH"), .timeLimit(.minutes(3)))
struct OpenSSLClientTests {
    private func withServer(
        _ files: TLSFiles? = nil, _ body: (OpenSSLClient) throws -> Void
    ) async throws {
        let certificate = try TestCertificate()
        let files = files ?? certificate.files
        try await TestServer.run(configure: { $0.tls = files }) { server in
            try body(OpenSSLClient(port: server.server.port, authority: files.certificate))
        }
    }

    /// What succeeds is tried beside it, so that a refusal has no other cause.
    @Test func onlyStrongProtocolsAndCiphersAreSpoken() async throws {
        try await withServer { client throws in
            for accepted in [
                ["-tls1_3"], ["-tls1_2"], ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"],
                ["-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"],
                ["-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384"], ["-tls1_3", "-groups", "P-384"],
            ] {
                #expect(try client.run(accepted).isAccepted, "\(accepted)")
            }
            for refused in [
                ["-tls1", "-cipher", "ALL:@SECLEVEL=0"], ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
                ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"],
                ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA384"],
                ["-tls1_2", "-cipher", "NULL:@SECLEVEL=0"], ["-tls1_2", "-cipher", "AES128-GCM-SHA256"],
                ["-tls1_2", "-cipher", "PSK"], ["-tls1_2", "-groups", "P-521"],
            ] {
                #expect(try !client.run(refused).isAccepted, "\(refused)")
            }
        }
    }

    /// A key of RSA would allow key exchanges without forward secrecy, which a key of an elliptic curve cannot.
    @Test func aKeyOfRSAIsUsedForSignaturesOnly() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let files = TLSFiles(certificate: directory + "/rsa.pem", key: directory + "/rsa-key.pem")
        try OpenSSLClient.call([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", files.key, "-out", files.certificate,
            "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "30",
        ])
        try await withServer(files) { client throws in
            for accepted in [
                ["-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384"],
                ["-tls1_2", "-cipher", "ECDHE-RSA-CHACHA20-POLY1305"],
                ["-tls1_2", "-sigalgs", "RSA-PSS+SHA256"], ["-tls1_3", "-verify_ip", "127.0.0.1"],
            ] {
                #expect(try client.run(accepted).isAccepted, "\(accepted)")
            }
            for refused in [
                "AES128-GCM-SHA256", "AES256-SHA", "DHE-RSA-AES128-GCM-SHA256",
                "ECDHE-RSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA", "ADH-AES128-GCM-SHA256", "aNULL", "eNULL",
            ] {
                // The alert is the server's. Without it, the client itself may not know the cipher.
                let output = try client.run(["-tls1_2", "-cipher", refused + ":@SECLEVEL=0"]).output
                #expect(output.contains("alert handshake failure"), "\(refused)")
            }
            let sha1 = ["-tls1_2", "-sigalgs", "RSA+SHA1", "-cipher", "ALL:@SECLEVEL=0"]
            #expect(try !client.run(sha1).isAccepted, "signatures with SHA-1")
        }
    }

    /// Somebody in between may make a client's first attempt fail, so that it tries an older version (RFC 7507).
    @Test func aFallbackThatWasNotNeededIsRefused() async throws {
        try await withServer { client throws in
            let fallback = try client.run(["-tls1_2", "-fallback_scsv"])
            #expect(!fallback.isAccepted)
            #expect(fallback.output.contains("inappropriate fallback"))
        }
    }

    /// Early data can be repeated by somebody in between (RFC 8446 section 8).
    @Test func noEarlyDataIsTaken() async throws {
        try await withServer { client throws in
            let request = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let answer = try client.run(["-tls1_3"], input: request, isQuiet: false).output
            #expect(answer.contains("HTTP/1.1 200 OK"))
            #expect(answer.contains("Max Early Data: 0"))
        }
    }

    /// No client of the system speaks SSL 2 and 3 any more, so their first messages are written here.
    @Test(arguments: [
        // SSL 3.0 (RFC 6101 section 5.6.1.2): a record with a hello, whose only cipher is 3DES.
        [0x16, 0x03, 0x00, 0x00, 0x2D, 0x01, 0x00, 0x00, 0x29, 0x03, 0x00]
            + [UInt8](repeating: 7, count: 32) + [0x00, 0x00, 0x02, 0x00, 0x0A, 0x01, 0x00],
        // SSL 2.0: a record of 28 bytes with a hello, one cipher, and a challenge of 16 bytes.
        [0x80, 0x1C, 0x01, 0x00, 0x02, 0x00, 0x03, 0x00, 0x00, 0x00, 0x10, 0x07, 0x00, 0xC0]
            + [UInt8](repeating: 7, count: 16),
    ])
    func olderProtocolsAreRefused(hello: [UInt8]) async throws {
        try await withServer { client throws in
            let connection = try TCPTestConnection(port: client.port)
            try connection.sendRaw(hello)
            let received = try connection.receiveRaw()
            // A fatal alert. SSL 2 does not even look like TLS, and is answered as plain HTTP is.
            #expect(received.first == 0x15 || received.starts(with: "HTTP/1.1 400".utf8), "\(received)")
        }
    }

    @Test func theCertificateIsForItsNames() async throws {
        try await withServer { client throws in
            #expect(try client.run(["-verify_ip", "127.0.0.1"]).isVerified)
            #expect(try client.run(["-verify_hostname", "localhost"]).isVerified)
            #expect(try !client.run(["-verify_hostname", "other.example"]).isVerified)
            // A client need not say which server it means, and may mean another.
            #expect(try client.run(["-noservername"]).isAccepted)
            #expect(try client.run(["-servername", "other.example"]).isAccepted)
        }
    }

    @Test func theProtocolAboveIsHTTP11() async throws {
        try await withServer { client throws in
            #expect(try client.run(["-alpn", "h2,http/1.1"]).output.contains("ALPN protocol: http/1.1"))
            #expect(try client.run([]).output.contains("No ALPN negotiated"))
            #expect(try !client.run(["-alpn", "h2"]).isAccepted)
        }
    }

    @Test func nothingIsCompressedOrNegotiatedAgain() async throws {
        try await withServer { client throws in
            let plain = try client.run(["-tls1_2"])
            #expect(plain.output.contains("Compression: NONE"))
            #expect(plain.output.contains("Secure Renegotiation IS supported"))
            // A line that is only R asks for a renegotiation.
            #expect(
                try client.run(["-tls1_2"], input: "R\n", isQuiet: false).output.contains("no renegotiation"))
        }
    }
}

/// `openssl s_client` towards a port of this machine.
struct OpenSSLClient {
    let port: Int
    let authority: String

    struct Result {
        let output: String
        var isAccepted: Bool {
            output.contains("Cipher is ") && !output.contains("Cipher is (NONE)")
                && !output.contains(":error:")
        }
        var isVerified: Bool { isAccepted && output.contains("Verify return code: 0 (ok)") }
    }

    static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/openssl" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static var isAvailable: Bool { path != nil }

    /// Runs another command of the program, which must succeed.
    static func call(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(arguments)")
    }

    /// Connects, sends `input`, and ends with it.
    func run(_ arguments: [String], input: String = "", isQuiet: Bool = true) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.path))
        process.arguments =
            ["s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", authority, "-no_ign_eof"] + arguments
        let (stdin, output) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        if isQuiet { try stdin.fileHandleForWriting.close() }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Result(output: text)
    }
}
