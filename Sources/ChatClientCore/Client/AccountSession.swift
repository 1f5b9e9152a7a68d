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
    /// Runs the link; nil before a link is wanted for the first time.
    var links: LinkRunner?
    /// Which transports work with the server, as far as earlier programs have seen.
    let transports: TransportChoice
    let signal: CommitSignal
    private var signalled: Int64 = 0
    /// Runs the engine's deadlines.
    var timer: IOTimer?
    var timerDeadline: MonotonicInstant?
    /// Tries again to take the lock that another program holds.
    var lockTimer: IOTimer?
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
