import ChatCrypto
import Foundation
import Testing

/// A certificate authority for one test, in a directory of its own that is removed with it.
final class TestAuthority {
    struct Identity {
        let certificateFile: String
        let keyFile: String
        let pin: PublicKeyPin
    }

    enum Validity {
        case now
        case past
        case future
    }

    let certificateFile: String
    private let directory: URL
    private var issued = 0

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "chatnet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        certificateFile = directory.appending(path: "authority.pem").path
        try write("", to: "index.txt")
        try write(
            """
            [ca]
            default_ca = test
            [test]
            database = index.txt
            new_certs_dir = .
            certificate = authority.pem
            private_key = authority.key
            default_md = sha256
            default_days = 30
            rand_serial = yes
            unique_subject = no
            policy = any
            [any]
            commonName = supplied
            """, to: "ca.conf")
        try OpenSSLTool.run(
            Self.newKey("authority.key") + [
                "-x509", "-out", "authority.pem", "-days", "30", "-subj", "/CN=Test Authority",
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext",
                "keyUsage=critical,keyCertSign,cRLSign",
            ], in: directory)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// A server's certificate, signed by this authority. `names` have the form `DNS:localhost` or `IP:127.0.0.1`.
    func issue(names: [String], validity: Validity = .now) throws -> Identity {
        issued += 1
        let name = "server\(issued)"
        try write("subjectAltName = \(names.joined(separator: ", "))\n", to: "\(name).ext")
        try OpenSSLTool.run(
            Self.newKey("\(name).key") + ["-out", "\(name).csr", "-subj", "/CN=Test Server \(issued)"],
            in: directory)
        let dates =
            switch validity {
            case .now: [String]()
            case .past: ["-startdate", "200101000000Z", "-enddate", "210101000000Z"]
            case .future: ["-startdate", "20980101000000Z", "-enddate", "20990101000000Z"]
            }
        try OpenSSLTool.run(
            ["ca", "-batch", "-notext", "-config", "ca.conf", "-in", "\(name).csr", "-out", "\(name).pem"]
                + ["-extfile", "\(name).ext"] + dates, in: directory)
        return try identity(name)
    }

    /// A certificate that no authority has signed.
    func selfSigned(names: [String]) throws -> Identity {
        issued += 1
        let name = "server\(issued)"
        try OpenSSLTool.run(
            Self.newKey("\(name).key") + [
                "-x509", "-out", "\(name).pem", "-days", "30", "-subj", "/CN=Lonely Server",
                "-addext", "subjectAltName=\(names.joined(separator: ","))",
            ], in: directory)
        return try identity(name)
    }

    private static func newKey(_ file: String) -> [String] {
        ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", file]
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: directory.appending(path: name))
    }

    /// The pin comes from the openssl program, not from the code under test.
    private func identity(_ name: String) throws -> Identity {
        try OpenSSLTool.run(
            ["x509", "-in", "\(name).pem", "-pubkey", "-noout", "-out", "\(name).pub"], in: directory)
        try OpenSSLTool.run(
            ["pkey", "-pubin", "-in", "\(name).pub", "-outform", "DER", "-out", "\(name).der"], in: directory)
        try OpenSSLTool.run(
            ["dgst", "-sha256", "-binary", "-out", "\(name).pin", "\(name).der"], in: directory)
        let digest = try Data(contentsOf: directory.appending(path: "\(name).pin"))
        return Identity(
            certificateFile: directory.appending(path: "\(name).pem").path,
            keyFile: directory.appending(path: "\(name).key").path,
            pin: try #require(PublicKeyPin(digest: digest)))
    }
}
