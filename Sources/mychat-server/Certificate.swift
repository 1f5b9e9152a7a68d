import ArgumentParser
import ChatServerLite

/// `mychat-server certificate`
struct Certificate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a certificate for TLS that signs itself, and print the pin for the client.",
        discussion: """
            No authority vouches for it. Clients trust it by its pin, which names its key: put the printed line into \
            the configuration of mychat.
            """)

    @Argument(
        help: "The host names and addresses that the certificate is for (localhost, 127.0.0.1 and ::1).")
    var names: [String] = ["localhost", "127.0.0.1", "::1"]

    @Option(help: "Where the certificate goes.", completion: .file())
    var cert = "mychat-cert.pem"

    @Option(help: "Where the key goes, for its owner alone (mode 600).", completion: .file())
    var key = "mychat-key.pem"

    @Option(help: "How many days it is valid.")
    var days = 825

    @Flag(help: "Replace files that are there.")
    var force = false

    @Flag(help: "Make a new certificate for the key that is there, so that its pin stays the same.")
    var keepKey = false

    func validate() throws {
        guard (1...36_500).contains(days) else { throw ValidationError("--days is a number from 1 to 36500") }
    }

    func run() throws {
        try CommandFailure.exiting {
            var maker = CertificateMaker(files: TLSFiles(certificate: cert, key: key))
            maker.replaces = force
            maker.keepsKey = keepKey
            let report = try maker.make(for: names, days: days)
            StandardOutput.line(
                "certificate: \(cert), for \(names.joined(separator: ", ")) until \(report.notAfter)")
            StandardOutput.line("key: \(key)")
            StandardOutput.line("pins = [\"\(report.pin)\"]")
        }
    }
}
