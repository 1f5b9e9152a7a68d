import ChatCrypto
import Foundation

@testable import ChatServerLite

/// A certificate for 127.0.0.1 and localhost in a directory of its own, with the client's trust in it.
final class TestCertificate: Sendable {
    let directory: String
    let files: TLSFiles

    init(names: [String] = ["127.0.0.1", "localhost"]) throws {
        directory = try TestServer.makeDirectory()
        files = TLSFiles(certificate: directory + "/cert.pem", key: directory + "/key.pem")
        try renew(names: names)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Replaces both files by a new certificate with a new key, and returns its pin.
    @discardableResult
    func renew(names: [String] = ["127.0.0.1", "localhost"]) throws -> PublicKeyPin {
        var maker = CertificateMaker(files: files)
        maker.replaces = true
        return try PublicKeyPin(maker.make(for: names, days: 30).pin)
    }

    /// Trust in the key that is in the files now, and in no authority.
    var trust: TrustPolicy {
        get throws {
            TrustPolicy(usesSystemAuthorities: false, pins: [try pin])
        }
    }

    var pin: PublicKeyPin {
        get throws {
            let identity = try TLSServerIdentity(
                certificate: [UInt8](Data(contentsOf: URL(filePath: files.certificate))),
                privateKey: [UInt8](Data(contentsOf: URL(filePath: files.key))))
            guard let pin = identity.certificate.pin else { throw TestCertificateFailure.noPin }
            return pin
        }
    }
}

enum TestCertificateFailure: Error { case noPin }
