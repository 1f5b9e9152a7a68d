import ChatNet
import ChatSQLite
import ChatWire
import Logging

/// The client's state for the account whose cache is open. Owned by the ``ChatClient`` actor.
final class AccountSession {
    var user: User
    let files: AccountFiles
    let store: ChatStore
    let engine: ChatEngine
    /// Which transports work with the server, as far as earlier programs have seen.
    let transports: TransportChoice
    let signal: CommitSignal
    private var signalled: Int64 = 0
    private var lock: LockHolder?
    private(set) var openingNotice: ChatNotice?

    init(
        saved: ProfileFiles.SavedAccount, files: AccountFiles, configuration: ClientConfiguration
    ) throws(ChatError) {
        user = saved.user
        self.files = files
        signal = try CommitSignal(files)
        do throws(SQLiteError) {
            let (store, setAside) = try CacheOpening.openOrSetAside(
                path: files.cache, me: saved.user.id, at: Moment.now.wall)
            self.store = store
            let former = try store.writeRefusal == nil ? store.identity.claim(for: saved.user) : nil
            engine = try ChatEngine(
                store: store, token: saved.token, heldAfter: configuration.heldAfter,
                cacheLimits: configuration.cacheLimits, linkTimeout: configuration.linkTimeout,
                canSignInAgain: configuration.signInAgain != nil, logger: configuration.logger)
            transports = TransportChoice(
                configuration.transport, remembered: try store.meta.text(.transport), at: Moment.now.wall)
            _ = try store.hasChangedElsewhere()
            openingNotice =
                setAside.map { .cacheSetAside(path: $0.path, rescued: $0.rescued) }
                ?? former.map { .formerServer($0.reason, held: $0.held) }
        } catch {
            throw .storage(error)
        }
    }

    var account: Account {
        Account(
            user: user,
            expiresAt: engine.token.flatMap { TokenClaims(token: $0) }.flatMap(\.expiresAt))
    }

    /// Returns the notice once, to the first caller.
    func takeOpeningNotice() -> ChatNotice? {
        defer { openingNotice = nil }
        return openingNotice
    }

    /// Tells the other programs, if anything was committed since the last call.
    func tellOthers() {
        let changes = store.database.totalChanges - store.searchIndex.quietChanges
        guard changes != signalled else { return }
        signalled = changes
        signal.send()
    }

    /// Takes over what other programs have committed.
    func catchUp() {
        do throws(SQLiteError) {
            guard try store.hasChangedElsewhere() else { return }
            engine.cacheChangedElsewhere(at: .now)
        } catch {
            engine.storageFailed(error, at: .now)
        }
    }

    // MARK: Calls

    /// Performs a call with the account's token. When the token is refused, nothing more is sent until the person
    /// signs in again.
    func call<Response: Sendable>(
        _ call: APICall<Response>, on client: isolated ChatClient
    ) async throws(ChatError) -> Response {
        try await checkAccount(on: client)
        guard let token = engine.token else { throw .unauthorized(message: "") }
        do throws(ChatError) {
            return try await client.rest.call(call, token: token)
        } catch {
            note(error, of: token, on: client)
            throw error
        }
    }

    /// Checks once per token that it still belongs to the account of this cache: another account's answers must not
    /// get into it.
    private func checkAccount(on client: isolated ChatClient) async throws(ChatError) {
        guard !engine.isAccountKnown, let token = engine.token else { return }
        let user: User
        do throws(ChatError) {
            user = try await client.rest.call(API.me(), token: token)
        } catch {
            note(error, of: token, on: client)
            throw error
        }
        guard engine.token == token else { return }
        defer { client.settle() }
        guard engine.isCachesAccount(user, at: .now) else { throw .unauthorized(message: "") }
    }

    private func note(_ error: ChatError, of token: String, on client: isolated ChatClient) {
        guard case .unauthorized(let words) = error, engine.token == token else { return }
        engine.tokenRefused(words, at: .now)
        client.settle()
    }

    // MARK: The lock

    var hasLock: Bool { lock != nil }
    var lockPath: String { files.lock }

    /// True when this program may send now.
    func takeLock() throws(ChatError) -> Bool {
        if lock != nil { return true }
        guard let taken = try SenderLock.take(files.lock) else { return false }
        lock = LockHolder(taken)
        return true
    }

    func releaseLock() { lock = nil }
}

/// Holds the lock, which cannot be copied, in an optional property of a class.
private final class LockHolder {
    private let lock: SenderLock

    init(_ lock: consuming SenderLock) { self.lock = lock }
}
