import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// What the server's TLS offers and refuses, as the openssl program of the system sees it.
@Suite(
    .enabled(if: OpenSSLClient.isAvailable, "SKIPPED: no openssl program in PATH"), .timeLimit(.minutes(3)))
struct OpenSSLClientTests {
    private func withServer(_ body: (OpenSSLClient) throws -> Void) async throws {
        let certificate = try TestCertificate()
        try await TestServer.run(configure: { $0.tls = certificate.files }) { server in
            try body(OpenSSLClient(port: server.server.port, authority: certificate.files.certificate))
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
