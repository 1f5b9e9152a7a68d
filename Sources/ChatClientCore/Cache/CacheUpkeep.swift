import ChatNet
import ChatSQLite
import ChatWire
import Glibc

/// The content of the cache, and whether it is intact.
public struct CacheReport: Sendable, Equatable {
    /// The problems that were found; empty when there are none.
    public let problems: [String]
    /// The number of stored messages, sent and unsent.
    public let messages: Int
    /// The number of stored conversations.
    public let conversations: Int
    /// The number of unsent messages in any state.
    public let unsent: Int
    /// The number of unfinished texts.
    public let drafts: Int
    /// The size of the files on disk, in bytes.
    public let bytes: Int64
    /// The files of earlier caches that could not be used. They were renamed, not removed.
    public let setAside: [String]
}

extension ChatClient {
    /// The upkeep of the cache on this machine.
    public nonisolated var cache: CacheUpkeep { CacheUpkeep(client: self) }
}

/// The upkeep of the cache on this machine.
public struct CacheUpkeep: Sendable {
    let client: ChatClient

    /// Why a part of the cache belongs to a former server, as long as messages of it are left or unsent ones wait for
    /// the person's decision. Nil otherwise.
    nonisolated(nonsending) public func formerServer() async throws(ChatError) -> FormerServer? {
        try await formerServer(on: client)
    }

    private func formerServer(on client: isolated ChatClient) throws(ChatError) -> FormerServer? {
        guard client.session != nil else { return nil }
        return try client.read { (store) throws(SQLiteError) in
            let messages = try store.former.count()
            let held = try store.outbox.heldCount()
            guard messages + held > 0 else { return nil }
            return FormerServer(reason: try store.former.reason(), messages: messages, held: held)
        }
    }

    /// Checks the whole cache; this takes seconds for a long history.
    nonisolated(nonsending) public func check() async throws(ChatError) -> CacheReport {
        try await check(on: client)
    }

    private func check(on client: isolated ChatClient) throws(ChatError) -> CacheReport {
        let files = try client.accountFiles()
        return try client.read { (store) throws(SQLiteError) in
            let contents = try store.maintenance.contents()
            return CacheReport(
                problems: try store.maintenance.problems(), messages: contents.messages,
                conversations: contents.conversations, unsent: contents.unsent, drafts: contents.drafts,
                bytes: files.cacheBytes, setAside: files.cachesSetAside)
        }
    }

    /// Compacts the cache to its smallest size. Other programs may use it in the meantime; they wait until it is
    /// done, or report that it is in use.
    ///
    /// - Returns: the size of its files before and after, in bytes.
    nonisolated(nonsending) public func compact() async throws(ChatError) -> (before: Int64, after: Int64) {
        try await compact(on: client)
    }

    private func compact(
        on client: isolated ChatClient
    ) throws(ChatError) -> (before: Int64, after: Int64) {
        let files = try client.accountFiles()
        return try client.read { (store) throws(SQLiteError) in
            store.database.checkpoint()
            let before = files.cacheBytes
            try store.maintenance.compact()
            return (before, files.cacheBytes)
        }
    }

    /// Removes messages from this machine, not from the server: those of one person, those older than a time, or
    /// those that match both. Unsent messages, unread messages and drafts stay. If the server offers older pages,
    /// they can be fetched again.
    ///
    /// - Returns: how many were removed.
    nonisolated(nonsending) public func forgetMessages(
        with peer: UserID?, olderThan time: Timestamp?
    ) async throws(ChatError) -> Int {
        try await forgetMessages(with: peer, olderThan: time, on: client)
    }

    private func forgetMessages(
        with peer: UserID?, olderThan time: Timestamp?, on client: isolated ChatClient
    ) async throws(ChatError) -> Int {
        // One account's cache from the first step to the last, whoever signs in between them.
        guard let store = client.session?.store else { throw .notSignedIn }
        try client.storage { () throws(SQLiteError) in try store.maintenance.overwriteRemoved() }
        var count = try client.storage { () throws(SQLiteError) in
            try store.former.forget(with: peer, olderThan: time)
        }
        while true {
            let gone = try client.storage { () throws(SQLiteError) in
                try store.pruning.prune(
                    olderThan: time, of: peer, keepingNewest: 0, limit: Self.forgottenAtOnce)
            }
            count += gone
            guard gone == Self.forgottenAtOnce else { break }
            // Let other calls run.
            await Task.yield()
        }
        // The index still contains their words.
        while try client.storage({ () throws(SQLiteError) in
            try store.searchIndex.extend(limit: IndexingSchedule.step)
        }) { await Task.yield() }
        client.observers.announce(.conversations)
        client.settle()
        return count
    }

    private static let forgottenAtOnce = 1000

    /// Exports the messages of one conversation, or of all, oldest first, in pieces.
    ///
    /// - Parameter write: receives one message at a time; an error that it throws ends the export.
    nonisolated(nonsending) public func exportMessages<Failure: Error>(
        with peer: UserID? = nil, format: ExportFormat, style: ExportStyle? = nil,
        to write: @Sendable (ArraySlice<UInt8>) throws(Failure) -> Void
    ) async throws(ExportError<Failure>) {
        try await exportMessages(with: peer, format, style, on: client, to: write)
    }

    private func exportMessages<Failure: Error>(
        with peer: UserID?, _ format: ExportFormat, _ style: ExportStyle?, on client: isolated ChatClient,
        to write: @Sendable (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(ExportError<Failure>) {
        guard let session = client.session else { throw .client(.notSignedIn) }
        let export = MessageExport(format: format, style: style ?? ExportStyle(ownName: session.user.name))
        let peers: [(peer: UserID, name: String)]
        do throws(ChatError) {
            peers = try client.conversations().filter { peer == nil || $0.peer == peer }.map {
                ($0.peer, $0.name)
            }
        } catch {
            throw .client(error)
        }
        for (peer, name) in peers { try exportMessages(with: peer, name, export, on: client, to: write) }
    }

    private func exportMessages<Failure: Error>(
        with peer: UserID, _ name: String, _ export: MessageExport, on client: isolated ChatClient,
        to write: @Sendable (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(ExportError<Failure>) {
        var position = TimelinePosition(.min)
        var isFirst = true
        while true {
            let page: Timeline
            do throws(ChatError) {
                page = try client.timeline(with: peer, after: position, limit: 1000)
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
    /// The caller's `write` threw this error.
    case writing(Failure)
}

extension ExportError: Equatable where Failure: Equatable {}

extension AccountFiles {
    /// The size of the database and its write-ahead log.
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
        let prefix = cache[cache.index(after: slash)...] + CacheOpening.setAsideMark
        return FileBytes.names(in: String(folder)).filter {
            $0.hasPrefix(prefix) && $0.dropFirst(prefix.count).allSatisfy(\.isNumber)
        }.sorted().map { folder + $0 }
    }
}
