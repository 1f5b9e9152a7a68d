import ChatNet
import ChatSQLite
import ChatWire
import Glibc

/// What the cache holds, and whether it is sound.
public struct CacheReport: Sendable, Equatable {
    /// What was found to be wrong; empty when nothing was.
    public let problems: [String]
    /// Messages that are kept, sent and unsent.
    public let messages: Int
    /// Conversations that are kept.
    public let conversations: Int
    /// Unsent messages, of any kind.
    public let unsent: Int
    /// Unfinished texts.
    public let drafts: Int
    /// The files on the disk.
    public let bytes: Int64
    /// Earlier caches that could not be used and were renamed, not removed: their files.
    public let setAside: [String]
}

extension ChatClient {
    /// Examines the whole cache: takes seconds for a long history.
    public func checkCache() throws(ChatError) -> CacheReport {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in
            let contents = try session.engine.store.contents()
            return CacheReport(
                problems: try session.engine.store.problems(), messages: contents.messages,
                conversations: contents.conversations, unsent: contents.unsent, drafts: contents.drafts,
                bytes: session.files.cacheBytes, setAside: session.files.cachesSetAside)
        }
    }

    /// Brings the cache into the least room. Other programs may use it meanwhile; they wait for as long as it
    /// takes, or say that it is in use.
    ///
    /// - Returns: the size of its files before and after, in bytes.
    public func compactCache() throws(ChatError) -> (before: Int64, after: Int64) {
        guard let session else { throw .notSignedIn }
        session.engine.store.database.checkpoint()
        let before = session.files.cacheBytes
        try storage { () throws(SQLiteError) in try session.engine.store.compact() }
        return (before, session.files.cacheBytes)
    }

    /// Removes messages from this machine, not from the server: of one person, older than a time, or both. Unsent
    /// and unread messages and drafts stay. Where the server gives older pages they can be fetched again.
    ///
    /// - Returns: how many went.
    public func forgetMessages(with peer: UserID?, olderThan time: Timestamp?) async throws(ChatError) -> Int
    {
        guard let session else { throw .notSignedIn }
        try storage { () throws(SQLiteError) in try session.engine.store.overwriteRemoved() }
        var count = try storage { () throws(SQLiteError) in
            try session.engine.store.forgetFormer(with: peer, olderThan: time)
        }
        while true {
            let gone = try storage { () throws(SQLiteError) in
                try session.engine.store.prune(
                    olderThan: time, of: peer, keepingNewest: 0, limit: Self.forgottenAtOnce)
            }
            count += gone
            guard gone == Self.forgottenAtOnce else { break }
            // Others have their turn.
            await Task.yield()
        }
        // The index still has their words.
        while try storage({ () throws(SQLiteError) in
            try session.engine.store.extendSearchIndex(limit: ChatEngine.indexStep)
        }) { await Task.yield() }
        observers.announce(.conversations)
        settle()
        return count
    }

    private static let forgottenAtOnce = 1000

    /// Writes the messages of one conversation, or of all, oldest first, in pieces.
    ///
    /// - Parameter write: is given one message at a time; what it throws ends the export.
    public func exportMessages<Failure: Error>(
        with peer: UserID? = nil, format: ExportFormat, style: ExportStyle? = nil,
        to write: @Sendable (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(ExportError<Failure>) {
        guard let session else { throw .client(.notSignedIn) }
        let export = MessageExport(format: format, style: style ?? ExportStyle(ownName: session.user.name))
        let peers: [(peer: UserID, name: String)]
        do throws(ChatError) {
            peers = try conversations().filter { peer == nil || $0.peer == peer }.map { ($0.peer, $0.name) }
        } catch {
            throw .client(error)
        }
        for (peer, name) in peers { try exportMessages(with: peer, name, export, to: write) }
    }

    private func exportMessages<Failure: Error>(
        with peer: UserID, _ name: String, _ export: MessageExport,
        to write: @Sendable (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(ExportError<Failure>) {
        var position = TimelinePosition(.min)
        var isFirst = true
        while true {
            let page: Timeline
            do throws(ChatError) {
                page = try timeline(with: peer, after: position, limit: 1000)
            } catch {
                throw .client(error)
            }
            do throws(Failure) {
                for row in page.rows {
                    if isFirst { try write(export.heading(name)[...]) }
                    isFirst = false
                    try write(export.message(row, of: peer, name)[...])
                }
                if !page.hasNewer, !isFirst { try write(export.ending[...]) }
            } catch {
                throw .writing(error)
            }
            guard page.hasNewer, let last = page.rows.last else { return }
            position = last.position
        }
    }
}

/// Why an export ended early.
public enum ExportError<Failure: Error>: Error {
    case client(ChatError)
    /// What the caller's `write` threw.
    case writing(Failure)
}

extension ExportError: Equatable where Failure: Equatable {}

extension AccountFiles {
    /// The database and its write-ahead log.
    var cacheBytes: Int64 {
        var sum: Int64 = 0
        for suffix in ["", "-wal"] {
            var information = stat()
            if stat(cache + suffix, &information) == 0 { sum += Int64(information.st_size) }
        }
        return sum
    }

    /// The databases beside it that were set aside, the oldest first.
    var cachesSetAside: [String] {
        guard let slash = cache.lastIndex(of: "/") else { return [] }
        let folder = cache[...slash]
        let prefix = cache[cache.index(after: slash)...] + ChatStore.setAsideMark
        return FileBytes.names(in: String(folder)).filter {
            $0.hasPrefix(prefix) && $0.dropFirst(prefix.count).allSatisfy(\.isNumber)
        }.sorted().map { folder + $0 }
    }
}
