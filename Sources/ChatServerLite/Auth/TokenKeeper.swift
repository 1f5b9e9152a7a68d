import ChatWire
import Logging
import Synchronization

/// Keeps the keys of a running server as they are in their file, which `mychat-server secret` changes.
final class TokenKeeper: Sendable {
    let ring: TokenKeyring
    private let file: TokenSecretsFile?
    private let configured: TokenKey?
    private let logger: Logger
    private let stamp: Mutex<FileStamp?>

    init(_ configuration: ServerConfiguration, logger: Logger) {
        ring = TokenKeyring(configuration.tokenKeys)
        file =
            configuration.watchesTokenSecrets
            ? TokenSecretsFile(besides: configuration.databasePath) : nil
        configured = configuration.configuredKey
        self.logger = logger
        // Nil, so that the first look reads the file: it may have changed since the configuration was read.
        stamp = Mutex(nil)
    }

    /// Reads the file again if it has changed.
    ///
    /// - Returns: whether a key is gone, so that its tokens are no longer valid.
    func look() -> Bool {
        guard let file else { return false }
        let seen = FileStamp(file.path)
        let hasChanged = stamp.withLock { stamp in
            defer { stamp = seen }
            return stamp != seen
        }
        return hasChanged && readAgain()
    }

    /// Reads the file again. One that cannot be used changes nothing, and the log says why.
    ///
    /// - Returns: as ``look()``.
    func readAgain() -> Bool {
        guard let file else { return false }
        let kept: [TokenKey]
        do {
            kept = try file.read(logger: logger)
        } catch {
            logger.error(
                "the token secrets cannot be read; the ones that were read before stay",
                metadata: ["cause": "\(error)"])
            return false
        }
        let before = ring.keys
        let after = TokenKey.sorted(kept: kept, configured: configured)
        guard !after.isEmpty else {
            logger.error(
                "the file of the token secrets is gone; the ones that were read before stay",
                metadata: ["file": "\(file.path)"])
            return false
        }
        guard after != before else { return false }
        ring.replace(after)
        logger.notice(
            "the token secrets were read again",
            metadata: ["signing": "\(after[0].id)", "count": "\(after.count)"])
        return before.contains { key in !after.contains { $0.id == key.id } }
    }
}
