import ChatCrypto
import ChatWire
import Logging
import Synchronization

/// Keeps the certificate that new connections get, and replaces it when its files change. Open connections keep the one
/// that they began with.
package final class CertificateKeeper: Sendable {
    private struct State {
        var identity: TLSServerIdentity
        /// The files that were read last, whether they could be used or not.
        var read: TLSFilesStamp
        /// The files at the last look.
        var seen: TLSFilesStamp
    }

    private let files: TLSFiles
    private let logger: Logger
    private let now: @Sendable () -> Int64
    private let state: Mutex<State>

    /// Reads the files.
    ///
    /// - Parameter now: the time in seconds since 1970, to judge the certificate's dates.
    package init(
        _ files: TLSFiles, logger: Logger,
        now: @escaping @Sendable () -> Int64 = { ServerClock.now().microseconds / 1_000_000 }
    ) throws(TLSFilesProblem) {
        self.files = files
        self.logger = logger
        self.now = now
        let stamp = TLSFilesStamp(files)
        let identity = try files.read(now: now(), logger: logger)
        state = Mutex(State(identity: identity, read: stamp, seen: stamp))
    }

    /// What sessions that begin now use.
    package var context: TLSContext { state.withLock { $0.identity.context } }

    /// The certificate that new connections get.
    package var certificate: ServerCertificate { state.withLock { $0.identity.certificate } }

    /// Reads the files if they have changed and were the same at the last look. The two files change one after the
    /// other, and are rarely written in one piece.
    package func look() {
        let stamp = TLSFilesStamp(files)
        let isDue = state.withLock { state in
            defer { state.seen = stamp }
            return stamp == state.seen && stamp != state.read
        }
        if isDue { readAgain() }
    }

    /// Reads the files. If they cannot be used, the certificate stays, and the log says why.
    package func readAgain() {
        let stamp = TLSFilesStamp(files)
        do throws(TLSFilesProblem) {
            let identity = try files.read(now: now(), logger: logger)
            state.withLock { state in
                state.identity = identity
                state.read = stamp
            }
            let facts = identity.certificate
            logger.notice(
                "new connections use the renewed certificate",
                metadata: [
                    "names": "\(facts.names.joined(separator: ", "))", "until": "\(facts.notAfter)",
                    "pin": "\(facts.pin?.description ?? "none")",
                ])
        } catch {
            state.withLock { $0.read = stamp }
            logger.error(
                "the new certificate files cannot be used; the previous certificate stays in use",
                metadata: ["file": "\(error.path)", "cause": "\(error.reason)"])
        }
    }
}
