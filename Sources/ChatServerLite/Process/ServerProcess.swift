import Glibc
import Logging
import Synchronization

/// A server as a process of its own. A signal or the end of standard input stops it.
public enum ServerProcess {
    /// Starts the server, calls `ready` once it listens, and returns after it has stopped gracefully.
    ///
    /// SIGTERM, SIGINT and the other signals that ask a daemon to end begin the stop. With an audit log, SIGHUP
    /// opens its file again instead; with a certificate, and no terminal that could close, it reads the certificate
    /// again instead. A second SIGTERM, SIGINT or SIGQUIT ends the process at once, with the status that shells report
    /// for a process killed by that signal. Other signals are logged and otherwise ignored. Call this on the main
    /// thread, before there are other threads.
    ///
    /// - Parameters:
    ///   - storage: the kind of storage to open.
    ///   - node: this server among the servers of the same database.
    ///   - manager: the service manager, which is told when the server is ready, alive, and stopping.
    ///   - prepare: makes the configuration, once signals are handled.
    ///   - endsWithInput: whether the end of standard input also stops the server, so that it ends with its
    ///     parent.
    ///   - abandon: called before the process ends at once.
    package static func run(
        storage: any StorageProvider, node: Node = .alone(), logger: Logger, endsWithInput: Bool = false,
        manager: ServiceManager? = nil, prepare: () throws -> ServerConfiguration,
        ready: (ChatServer) -> Void, abandon: () -> Void = {}
    ) throws {
        let events = try ProcessEvents()
        let configuration = try prepare()
        let server = try start(events) { () async throws(ServerStartError) in
            try await ChatServer.start(configuration, storage: storage, node: node, logger: logger)
        }
        guard let server else { return }
        ready(server)
        manager?.notify(.ready)
        if let manager { server.showLife(to: manager) }
        waitForStop(server, logger, events, endsWithInput: endsWithInput)
        manager?.notify(.stopping)
        stop(server, events, abandon)
    }

    private static func waitForStop(
        _ server: ChatServer, _ logger: Logger, _ events: ProcessEvents, endsWithInput: Bool
    ) {
        let readsCertificate = server.hasCertificate && !hasTerminal
        while true {
            switch events.next(watchingInput: endsWithInput) {
            case .signal(SIGHUP) where readsCertificate:
                server.readCertificateAgain()
                _ = server.reopenFiles()
            case .signal(SIGHUP) where server.reopenFiles(): logger.info("the log files were reopened")
            case .signal(let number) where ProcessEvents.stops(number):
                logger.info("stopping", metadata: ["signal": "\(number)"])
                return
            case .signal(let number):
                logger.notice("a signal that means nothing here", metadata: ["signal": "\(number)"])
            case .inputEnded:
                logger.info("stopping: standard input has ended")
                return
            case .woken: return
            }
        }
    }

    /// Whether the process belongs to a terminal, whose end also arrives as SIGHUP.
    private static var hasTerminal: Bool {
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    /// Waits until the server has started; nil when a signal to stop came first.
    private static func start(
        _ events: ProcessEvents, _ start: @escaping @Sendable () async throws(ServerStartError) -> ChatServer
    ) throws(ServerStartError) -> ChatServer? {
        let outcome = StartOutcome()
        Task {
            let result: Result<ChatServer, ServerStartError>
            do throws(ServerStartError) {
                result = .success(try await start())
            } catch {
                result = .failure(error)
            }
            outcome.value.withLock { $0 = result }
            events.wake()
        }
        while true {
            switch events.next(watchingInput: false) {
            case .signal(let number) where ProcessEvents.stops(number): return nil
            case .signal, .inputEnded: continue
            case .woken: return try outcome.value.withLock { $0 }?.get()
            }
        }
    }

    /// Carries the result from the task that starts the server to the main thread.
    private final class StartOutcome: Sendable {
        let value = Mutex<Result<ChatServer, ServerStartError>?>(nil)
    }

    private static func stop(_ server: ChatServer, _ events: ProcessEvents, _ abandon: () -> Void) {
        Task {
            await server.stop()
            events.wake()
        }
        while true {
            switch events.next(watchingInput: false) {
            case .signal(let number) where ProcessEvents.hurries(number):
                abandon()
                _exit(128 + number)
            case .signal, .inputEnded: continue
            case .woken: return
            }
        }
    }
}
