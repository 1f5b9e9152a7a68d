import ChatWire
import Glibc
import Logging
import NIOCore
import NIOPosix

/// What commands ask of a server: the running one if there is one, else the database itself.
///
/// A server that runs holds the database's lock, and so does this one while it has the database. So there is always one
/// writer, and one implementation of each request.
package final class Administration {
    private enum Way {
        case undecided
        case server(AdministrationClient)
        case database(AdministrationService, any Storage, AuditLog?)
    }

    private let configuration: AdministrationConfiguration
    private let storage: any StorageProvider
    private let logger: Logger
    private var way = Way.undecided

    /// - Parameter storage: the kind of storage to open where no server runs.
    package init(
        _ configuration: AdministrationConfiguration, storage: any StorageProvider, logger: Logger
    ) {
        self.configuration = configuration
        self.storage = storage
        self.logger = logger
    }

    /// Carries out a request. Blocks. The first request decides which way all of them take.
    ///
    /// - Throws: an ``AdministrationFailure``, or a ``ServerStartError`` when the database cannot be opened.
    package func ask(_ request: AdministrationRequest) throws -> AdministrationAnswer {
        switch way {
        case .server(let client): return try client.ask(request)
        case .database(let service, _, _): return try Self.wait { try await service.answer(request) }
        case .undecided: break
        }
        if let path = configuration.socket {
            let client = AdministrationClient(path: path)
            do {
                let answer = try client.ask(request)
                way = .server(client)
                return answer
            } catch is AdministrationClient.NobodyThere {
                // The lock says whether there is a server all the same.
            }
        }
        try openDatabase()
        return try ask(request)
    }

    private func openDatabase() throws {
        let path = configuration.databasePath
        guard faccessat(AT_FDCWD, path, F_OK, AT_EACCESS) == 0 else {
            throw AdministrationFailure.noDatabase(path: path)
        }
        var settings = StorageConfiguration(path: path)
        settings.readerCount = 1
        settings.logger = logger
        let store = try storage.open(settings) { jobs in for job in jobs { job.complete() } }
        let audit = configuration.audit.map { AuditLog($0, logger: logger, counters: Counters()) }
        let service = AdministrationService(
            store: store, rules: AccountRules(configuration.rules),
            surroundings: WithoutServer(bcryptCost: configuration.bcryptCost, audit: audit))
        way = .database(service, store, audit)
    }

    /// Closes the database, if this has it.
    package func close() {
        guard case .database(_, let store, let audit) = way else { return }
        way = .undecided
        try? Self.wait {
            await store.close()
            await audit?.close()
        }
    }

    private static func wait<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) throws -> Result {
        try MultiThreadedEventLoopGroup.singleton.any().makeFutureWithTask(body).wait()
    }
}

/// The settings that administration without a server needs.
package struct AdministrationConfiguration: Sendable {
    package let databasePath: String
    /// The socket of the running server; nil when it has none.
    package let socket: String?
    let rules: ServerBehaviour.Rules
    let bcryptCost: Int
    let audit: AuditConfiguration?

    /// Reads the settings that a server would read. Nothing is created.
    package init(settings: ServerSettings, databasePath: String) throws(ConfigurationError) {
        let reader = SettingsReader(settings: settings)
        self.databasePath = databasePath
        socket = reader.administrationSocket(of: databasePath)
        rules = try reader.behaviour().rules
        bcryptCost = try reader.integer("BCRYPT_COST", in: 4...31) ?? 12
        audit = try reader.audit()
    }
}

extension AdministrationConfiguration {
    /// Records an act that needs no storage in the audit log, if there is one. Blocks.
    package func record(_ act: String, logger: Logger) {
        guard var audit else { return }
        // A running server has the file open: only it renames a full one.
        audit.lengthMax = .max
        let log = AuditLog(audit, logger: logger, counters: Counters())
        log.record(AuditEvent(kind: .administration(act)))
        try? MultiThreadedEventLoopGroup.singleton.any().makeFutureWithTask { await log.close() }.wait()
    }
}

/// The surroundings of a database that no server has.
private struct WithoutServer: AdministrationSurroundings {
    let bcryptCost: Int
    let audit: AuditLog?

    func hash(_ password: String) async throws(AdministrationFailure) -> String? {
        PasswordHash.make(password, cost: bcryptCost)
    }

    func accountChanged(_ user: UserID, isBlocked: Bool) async {}
    func sessionsEnded(_ sessions: [EndedSession], of user: UserID, endsUnnamed: Bool) async {}

    func announce(_ announcements: [Announcement]) async {}

    func record(_ act: String, account: UserID?) {
        audit?.record(AuditEvent(kind: .administration(act), account: account))
    }
}
