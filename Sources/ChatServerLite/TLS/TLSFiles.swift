import ChatCrypto
import Logging

/// Where a server's certificate and its key are.
public struct TLSFiles: Equatable, Sendable {
    /// The path of a PEM file: the server's own certificate, then those that signed it.
    public var certificate: String
    /// The path of a PEM file with the key. It may be the same file.
    public var key: String

    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// Why the files cannot be used.
package struct TLSFilesProblem: Error, Equatable {
    package let path: String
    /// A clause without a full stop.
    package let reason: String
}

extension TLSFiles {
    /// The largest file that is read, in bytes.
    private static let lengthMax = 1 << 20

    /// Reads both files. What deserves attention is logged: a key that others can read, and wrong dates.
    package func read(now: Int64, logger: Logger) throws(TLSFilesProblem) -> TLSServerIdentity {
        let chain = try Self.read(certificate)
        let secret = try Self.read(key)
        PrivateFile.warnWhereOthersRead(key, logger)
        let identity: TLSServerIdentity
        do {
            identity = try TLSServerIdentity(certificate: chain, privateKey: secret)
        } catch {
            throw TLSFilesProblem(path: error.concernsKey ? key : certificate, reason: error.description)
        }
        warnOfDates(identity.certificate, now: now, logger)
        return identity
    }

    private static func read(_ path: String) throws(TLSFilesProblem) -> [UInt8] {
        do {
            if let text = try PrivateFile.contents(path, limit: lengthMax) { return text }
        } catch {
            throw TLSFilesProblem(path: path, reason: error.reason)
        }
        throw TLSFilesProblem(path: path, reason: "there is no such file")
    }

    /// A certificate that is not valid is still served: a person who renews it late must not find the server down, and
    /// each client decides for itself.
    private func warnOfDates(_ facts: ServerCertificate, now: Int64, _ logger: Logger) {
        let soon: Int64 = 14 * 24 * 3600
        let state: String? =
            if now > facts.validity.upperBound {
                "has expired"
            } else if now < facts.validity.lowerBound {
                "is not valid yet"
            } else if now > facts.validity.upperBound - soon {
                "expires soon"
            } else {
                nil
            }
        guard let state else { return }
        logger.warning(
            "the certificate \(state)",
            metadata: ["file": "\(certificate)", "until": "\(facts.notAfter)", "advice": "renew it"])
    }
}

/// Identifies what is at the paths of the files now, to notice when that changes.
struct TLSFilesStamp: Equatable {
    /// Nil for a file that is not there.
    private let files: [FileStamp?]

    init(_ files: TLSFiles) { self.files = [files.certificate, files.key].map { FileStamp($0) } }
}
