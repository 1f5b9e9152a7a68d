import ChatSQLite
import ChatWire
import Glibc

/// Opens a cache in whatever state its file is.
enum CacheOpening {
    /// A cache that could not be used and was renamed.
    struct SetAside: Equatable, Sendable {
        let path: String
        /// How many unsent messages the new cache has taken over.
        let rescued: Int
        let reason: SQLiteError
    }

    /// Separates the name of a cache that was set aside from the time when it was, in seconds.
    static let setAsideMark = ".set-aside-"

    /// Opens the cache at `path`. A cache that is damaged, or that a newer version has written, is renamed and never
    /// overwritten. The new cache takes over its unsent messages and drafts as far as they can be read. When nothing
    /// can be written, the cache is opened for reading only.
    static func openOrSetAside(
        path: String, me: UserID, at time: Timestamp
    ) throws(SQLiteError) -> (ChatStore, SetAside?) {
        do throws(SQLiteError) {
            guard access(damageMark(of: path), F_OK) != 0 else {
                throw SQLiteError.corrupt(message: "it was found to be so before")
            }
            let store = try ChatStore(path: path, me: me)
            try lookThrough(store)
            return (store, nil)
        } catch {
            // The file may be written, but its header says that it may not: that is damage.
            if error.isReadOnly, access(path, W_OK) == 0 {
                return try setAside(path, me: me, error, at: time)
            }
            if error.isOfWriting, let store = ReadableCache.open(path, me: me, error) { return (store, nil) }
            if case .newerSchema = error { return try setAside(path, me: me, error, at: time) }
            guard error.isDamage else { throw error }
            return try setAside(path, me: me, error, at: time)
        }
    }

    private static func setAside(
        _ path: String, me: UserID, _ error: SQLiteError, at time: Timestamp
    ) throws(SQLiteError) -> (ChatStore, SetAside?) {
        var seconds = time.seconds
        while access("\(path)\(setAsideMark)\(seconds)", F_OK) == 0 { seconds += 1 }
        let aside = "\(path)\(setAsideMark)\(seconds)"
        for suffix in ["", "-wal", "-shm"] {
            guard rename(path + suffix, aside + suffix) == 0 || errno == ENOENT else { throw error }
        }
        unlink(damageMark(of: path))
        let store = try ChatStore(path: path, me: me)
        let rescued = UnsentRescue(store: store).run(from: aside)
        return (store, SetAside(path: aside, rescued: rescued, reason: error))
    }

    /// Reads what every program needs, so that damage shows now and not while somebody works.
    private static func lookThrough(_ store: ChatStore) throws(SQLiteError) {
        _ = try store.outbox.entries()
        _ = try store.timeline.unsent()
        _ = try store.conversations.all()
        _ = try store.messages.newestID()
    }

    /// The file that marks a cache in which damage was found during use. The next start sets that cache aside.
    private static func damageMark(of path: String) -> String { path + ".damaged" }

    /// Marks the cache as damaged for the next start.
    static func noteDamage(of database: Database) {
        guard !database.resolvedPath.isEmpty else { return }
        let descriptor = open(
            damageMark(of: database.resolvedPath), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }
}

/// Takes over what the person entered from a damaged cache into a new one.
private struct UnsentRescue {
    let store: ChatStore

    /// Takes over the unsent messages and drafts; the server has everything else. When the file cannot be read as it
    /// is, a copy with a repaired beginning may be readable.
    ///
    /// - Returns: how many messages were taken over.
    func run(from path: String) -> Int {
        var kept = 0
        var drafts: [UserID: String] = [:]
        func take(_ path: String) -> Bool {
            guard let damaged = try? Database(path: path, mode: .readOnly) else { return false }
            let found = UnsentInDamage(damaged, me: store.me)
            kept += found.messages.count { (try? keep($0)) != nil }
            drafts.merge(found.drafts) { first, _ in first }
            return found.isWhole
        }
        if !take(path) {
            for mend in MendedCopy.Mend.allCases {
                guard let copy = MendedCopy(of: path, mend) else { continue }
                // The copy is deleted after its last use.
                if withExtendedLifetime(copy, { take(copy.path) }) { break }
            }
        }
        // Entering a message clears the draft, so the drafts come last.
        for (peer, draft) in drafts { try? store.conversations.setDraft(draft, for: peer) }
        return kept
    }

    private func keep(_ message: UnsentInDamage.Message) throws(SQLiteError) {
        _ = try store.outbox.enqueue(
            message.content, to: message.peer, tempID: message.tempID, at: message.enteredAt,
            attemptAbove: message.state == .attempted ? message.knownID ?? MessageID(0) : nil)
        switch message.state {
        case .queued: break
        // It was queued when another waits before it, but the server may have it all the same.
        case .attempted: try store.outbox.setAttempted(message.tempID, above: message.knownID ?? MessageID(0))
        case .failed: try store.outbox.fail(message.tempID, reason: "")
        case .held: try store.outbox.hold([message.tempID])
        }
    }
}
