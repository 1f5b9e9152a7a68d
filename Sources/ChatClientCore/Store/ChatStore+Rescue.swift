import ChatSQLite
import ChatWire
import Glibc

extension ChatStore {
    /// A cache that had to be set aside.
    struct SetAside: Equatable, Sendable {
        let path: String
        /// Unsent messages that were taken over into the new cache.
        let rescued: Int
        let reason: SQLiteError
    }

    /// Stands between the name of a cache that was set aside and the time when it was.
    static let setAsideMark = ".set-aside-"

    /// Opens the cache at `path`. One that is damaged, or that a newer version has written, is renamed, never
    /// overwritten, and its unsent messages and drafts are taken over where they can be read.
    static func openOrSetAside(
        path: String, me: UserID, at time: Timestamp
    ) throws(SQLiteError) -> (ChatStore, SetAside?) {
        do throws(SQLiteError) {
            return (try ChatStore(path: path, me: me), nil)
        } catch {
            switch error {
            case .corrupt, .newerSchema: break
            default: throw error
            }
            let aside = "\(path)\(setAsideMark)\(time.seconds)"
            for suffix in ["", "-wal", "-shm"] {
                guard rename(path + suffix, aside + suffix) == 0 || errno == ENOENT else { throw error }
            }
            let store = try ChatStore(path: path, me: me)
            let rescued = store.rescue(from: aside)
            return (store, SetAside(path: aside, rescued: rescued, reason: error))
        }
    }

    /// Takes over what the person entered; the rest comes from the server again.
    private func rescue(from path: String) -> Int {
        guard let damaged = try? Database(path: path, mode: .readOnly) else { return 0 }
        // Whatever is readable counts: an error in the middle must not lose what came before it.
        let found =
            (try? damaged.rows(
                """
                SELECT o.temp_id, o.peer_id, m.content, o.entered_at, o.state, o.known_id
                FROM outbox o JOIN messages m ON m.row_id = o.row_id ORDER BY o.sequence
                """
            ) { row in
                Rescued(
                    tempID: TempID(row.string(0)), peer: UserID(row.int64(1)), content: row.string(2),
                    enteredAt: Timestamp(microseconds: row.int64(3)),
                    state: OutboxState(rawValue: row.int64(4)) ?? .held,
                    knownID: row.optionalInt64(5).map { MessageID($0) })
            }) ?? []
        let kept = found.count { (try? keep($0)) != nil }
        // Entering a message ends its conversation's draft: the drafts come last.
        rescueDrafts(from: damaged)
        return kept
    }

    private struct Rescued {
        let tempID: TempID
        let peer: UserID
        let content: String
        let enteredAt: Timestamp
        let state: OutboxState
        let knownID: MessageID?
    }

    private func keep(_ message: Rescued) throws(SQLiteError) {
        _ = try enqueue(
            message.content, to: message.peer, tempID: message.tempID, at: message.enteredAt,
            attemptAbove: message.state == .attempted ? message.knownID ?? MessageID(0) : nil)
        switch message.state {
        case .queued: break
        // Entered behind another it is queued by now; the server may have it all the same.
        case .attempted: try setAttempted(message.tempID, above: message.knownID ?? MessageID(0))
        case .failed: try fail(message.tempID, reason: "")
        case .held: try hold([message.tempID])
        }
    }

    private func rescueDrafts(from damaged: Database) {
        let drafts =
            (try? damaged.rows("SELECT peer_id, draft FROM conversations WHERE draft IS NOT NULL") {
                (UserID($0.int64(0)), $0.string(1))
            }) ?? []
        for (peer, draft) in drafts { try? setDraft(draft, for: peer) }
    }
}
