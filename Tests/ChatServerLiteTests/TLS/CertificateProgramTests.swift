import ChatCrypto
import Foundation
import Testing

@testable import ServerTestSupport

/// `mychat-server certificate`, as people run it.
@Suite struct CertificateProgramTests {
    private func run(_ arguments: String..., in directory: String) throws -> (
        lines: [String], status: Int32, errors: String
    ) {
        let program = try ServerProgram(["certificate"] + arguments, directory: directory)
        var lines: [String] = []
        while let line = program.nextLine() { lines.append(line) }
        let end = program.end()
        return (lines, end.status, end.errors)
    }

    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func itMakesAPairAndPrintsThePin() throws {
        try inDirectory { directory in
            let made = try run("chat.example.org", "192.0.2.1", in: directory)
            #expect(made.status == 0, "\(made.errors)")
            #expect(made.lines.count == 3)
            #expect(
                made.lines[0].hasPrefix(
                    "certificate: mychat-cert.pem, for chat.example.org, 192.0.2.1 until "))
            let identity = try TLSServerIdentity(
                certificate: [UInt8](Data(contentsOf: URL(filePath: directory + "/mychat-cert.pem"))),
                privateKey: [UInt8](Data(contentsOf: URL(filePath: directory + "/mychat-key.pem"))))
            #expect(identity.certificate.names == ["chat.example.org", "192.0.2.1"])
            let pin = try #require(identity.certificate.pin)
            #expect(made.lines[2] == "pins = [\"\(pin)\"]")
            #expect(try mode(directory + "/mychat-key.pem") == 0o600)
            #expect(try mode(directory + "/mychat-cert.pem") == 0o644)
        }
    }

    @Test func nothingIsReplacedUnasked() throws {
        try inDirectory { directory in
            let first = try run(in: directory)
            #expect(first.status == 0, "\(first.errors)")
            let again = try run(in: directory)
            #expect(again.status == 1 && again.errors.contains("--force"), "\(again.errors)")
            let renewed = try run("--keep-key", "--force", "--days", "10", in: directory)
            #expect(renewed.status == 0, "\(renewed.errors)")
            #expect(renewed.lines.last == first.lines.last)
            let replaced = try run("--force", in: directory)
            #expect(replaced.status == 0 && replaced.lines.last != first.lines.last)
        }
    }

    @Test(arguments: ["a b", "ä.example", "-x.example."])
    func aWrongNameIsNamed(name: String) throws {
        try inDirectory { directory in
            let made = try run("--", name, in: directory)
            #expect(made.status == 1 && made.errors.contains("\"\(name)\""), "\(made.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        }
    }
}
