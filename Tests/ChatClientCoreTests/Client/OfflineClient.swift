import ChatSQLite
import ChatWire
import Logging
import Testing

@testable import ChatClientCore

/// A client of Ana's with a cache and without a server: nothing listens at its address.
struct OfflineClient {
    let home: TemporaryDirectory
    let client: ChatClient

    /// - Parameter user: the account that is signed in; nil for nobody.
    init(
        signedIn user: User? = .ana, token: String? = "token",
        signInAgain: (@Sendable (User) async -> ClientConfiguration.SignInSecret?)? = nil
    ) throws {
        home = try TemporaryDirectory()
        client = try Self.client(in: home, signedIn: user, token: token, signInAgain: signInAgain)
    }

    /// Another program on the same files.
    func another() throws -> ChatClient { try Self.client(in: home, signedIn: nil, token: nil) }

    static func client(
        in home: TemporaryDirectory, at server: String = "http://127.0.0.1:1", signedIn user: User?,
        token: String?,
        signInAgain: (@Sendable (User) async -> ClientConfiguration.SignInSecret?)? = nil
    ) throws -> ChatClient {
        let configuration = ClientConfiguration(
            server: try ServerURL(server), directories: ClientDirectories(root: home.path),
            signInAgain: signInAgain, logger: Logger(label: "client") { _ in SwiftLogNoOpLogHandler() })
        if let user {
            try ProfileFiles(
                directories: configuration.directories, profile: configuration.profile,
                server: configuration.server
            ).save(ProfileFiles.SavedAccount(user: user, token: token))
        }
        return try ChatClient(configuration: configuration)
    }

    /// What observers are told while `body` runs, in order and coalesced.
    func changes(during body: () async throws -> Void) async throws -> [ChatChange] {
        let stream = await client.changes()
        try await body()
        client.observers.finish()
        var changes: [ChatChange] = []
        for await change in stream { changes.append(change) }
        return changes
    }
}

/// Without an account each of these calls says so.
func expectNotSignedIn(
    _ calls: [@Sendable () async throws -> Void], _ location: SourceLocation = #_sourceLocation
) async {
    for (number, call) in calls.enumerated() {
        await #expect(throws: ChatError.notSignedIn, "call \(number)", sourceLocation: location) {
            try await call()
        }
    }
}

extension ChatClient {
    var isHolder: Bool { session?.engine.isHolder == true }
    var isAccountKnown: Bool { session?.engine.isAccountKnown == true }
    /// The server has opened the session of the present link.
    var hasOpenLink: Bool { driver?.links?.present?.isOpen == true }
    var hasLock: Bool { driver?.session.hasLock == true }

    /// Changes the cache as the server's facts or another program would, and lets the engine look at it.
    func prepare(_ change: @Sendable (ChatStore) throws -> Void) throws {
        guard let session else { throw ChatError.notSignedIn }
        try change(session.store)
        session.engine.cacheChangedElsewhere(at: .now)
        settle()
    }

    /// The server has said that the token belongs to the account.
    func confirmAccount() { session?.engine.accountIsConfirmed() }

    /// The account as it is in its file.
    func savedAccount() throws -> ProfileFiles.SavedAccount? { try files.loadAccount() }

    var texts: [UserID: [String]] {
        get throws {
            try Dictionary(
                uniqueKeysWithValues: conversations().map {
                    ($0.peer, try timeline(with: $0.peer, limit: 100).rows.map(\.content))
                })
        }
    }
}
