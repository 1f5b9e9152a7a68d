import ChatCrypto
import ChatWire
import Glibc
import Logging

/// The token secrets that are kept beside the database, in a file with mode 0600.
///
/// Each line is a secret, which may be followed by a blank and the time when it was made. The first start makes a
/// file with one secret and no time, as earlier versions did. The file is always replaced as a whole.
package struct TokenSecretsFile: Sendable {
    package let path: String

    /// How many secrets there may be. Each one is tried on tokens that name none.
    package static let countMax = 16
    /// The length of a secret in bytes.
    private static let lengths = 32...1024

    /// Why the secrets cannot be used or changed. The description says what to do.
    package enum Failure: Error, Equatable, CustomStringConvertible {
        case file(path: String, reason: String)
        case tooMany
        case unknown(id: String)
        /// The secret signs, so an older one would sign in its place.
        case signs(id: String)
        /// The secret is in the settings, not in the file.
        case configured(id: String)

        package var description: String {
            switch self {
            case .file(let path, let reason): "cannot use \(path): \(reason)"
            case .tooMany:
                "there are \(TokenSecretsFile.countMax) secrets already; retire the oldest ones first"
            case .unknown(let id): "there is no secret \(id); \"mychat-server secret list\" shows all"
            case .signs(let id):
                "\(id) signs new tokens; run \"mychat-server secret rotate\" first, and retire it after that"
            case .configured(let id): "\(id) is JWT_SECRET_KEY; remove it from the settings instead"
            }
        }
    }

    package init(besides databasePath: String) { path = databasePath + ".jwt-secret" }

    /// The secrets in the order of the file; none when there is no file.
    package func read(logger: Logger = PrivateFile.noLogger) throws(Failure) -> [TokenKey] {
        let bytes: [UInt8]?
        do {
            bytes = try PrivateFile.read(path, limit: 1 << 16, logger: logger)
        } catch {
            throw .file(path: path, reason: error.reason)
        }
        return try bytes.map { bytes throws(Failure) in try parse(bytes) } ?? []
    }

    /// The secrets; when there is no file, a new one with one secret is made.
    package func readOrMake(logger: Logger) throws(Failure) -> [TokenKey] {
        do {
            let bytes = try PrivateFile.createOnce(path, contents: Self.fresh() + [0x0A], logger: logger)
            return try parse(bytes)
        } catch let failure as PrivateFile.Failure {
            throw .file(path: path, reason: failure.reason)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .file(path: path, reason: "\(error)")
        }
    }

    func parse(_ bytes: [UInt8]) throws(Failure) -> [TokenKey] {
        var keys: [TokenKey] = []
        for line in bytes.split(separator: 0x0A) {
            let (secret, time) = Self.parts(of: line)
            guard Self.lengths.contains(secret.count) else {
                throw .file(
                    path: path,
                    reason: "a token secret in it is too short or too long; delete it for a new one")
            }
            keys.append(TokenKey(secret: Array(secret), createdAt: time))
        }
        guard !keys.isEmpty else {
            throw .file(
                path: path,
                reason: "it should hold the token secret but is too short; delete it for a new one")
        }
        guard keys.count <= Self.countMax else { throw .tooMany }
        return keys
    }

    /// A secret that somebody has written by hand may contain blanks.
    private static func parts(of line: ArraySlice<UInt8>) -> (secret: ArraySlice<UInt8>, time: Timestamp?) {
        guard let blank = line.lastIndex(of: 0x20),
            let time = WireDate.parse(String(decoding: line[(blank + 1)...], as: UTF8.self))
        else { return (line, nil) }
        return (line[..<blank], time)
    }

    /// Makes a secret, which signs from now on. The others stay, so that their tokens stay valid.
    ///
    /// - Returns: the new key.
    package func rotate(now: Timestamp) throws(Failure) -> TokenKey {
        let kept = try read()
        guard kept.count < Self.countMax else { throw .tooMany }
        // Two in the same second, or a clock that was set back: the newest one still has the latest time.
        let latest = kept.compactMap(\.createdAt).max()
        let time = max(now, latest.map { Timestamp(microseconds: $0.microseconds + 1) } ?? now)
        let key = TokenKey(secret: Self.fresh(), createdAt: time)
        try write([key] + kept)
        return key
    }

    /// Removes a secret. Its tokens are no longer valid.
    ///
    /// - Parameter configured: the secret of the settings, if there is one.
    package func retire(_ id: String, configured: TokenKey?) throws(Failure) {
        let kept = try read()
        let all = TokenKey.sorted(kept: kept, configured: configured)
        guard all.contains(where: { $0.id == id }) else { throw .unknown(id: id) }
        guard all.first?.id != id else { throw .signs(id: id) }
        guard configured?.id != id else { throw .configured(id: id) }
        let rest = kept.filter { $0.id != id }
        guard rest.isEmpty else { return try write(rest) }
        // Only the secret of the settings is left.
        guard unlink(path) == 0 || errno == ENOENT else {
            throw .file(path: path, reason: String(cString: strerror(errno)))
        }
    }

    private func write(_ keys: [TokenKey]) throws(Failure) {
        var bytes: [UInt8] = []
        for key in keys {
            bytes += key.secret
            if let time = key.createdAt { bytes += Array(" \(WireDate.iso(time))".utf8) }
            bytes.append(0x0A)
        }
        do {
            try PrivateFile.replace(path, contents: bytes, mode: 0o600)
        } catch {
            throw .file(path: path, reason: error.reason)
        }
    }

    /// 48 random bytes as text.
    private static func fresh() -> [UInt8] { Array(Base64URL.encode(RandomBytes.generate(48)).utf8) }
}
