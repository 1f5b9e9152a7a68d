import ChatSQLite
import ChatWire
import Glibc

@testable import ChatClientCore

/// Stores one answer of the server, from its bytes into the cache, as the engine does.
func take(_ answer: [UInt8], into store: ChatStore) throws {
    let call = API.sync(cursor: nil)
    guard case .changes(let changes, let cursor, _, _) = try call.response(status: 200, body: answer) else {
        return
    }
    _ = try store.apply(changes.compactMap { StoreChange($0, me: History.me) }, cursor: cursor)
}

/// A first sync: the whole history, in answers as the client requests them, each a commit; then some more, into the
/// full cache.
func fill(_ path: String, with count: Int, from history: inout History) throws {
    let store = try ChatStore(path: path, me: History.me)
    try ingest(count, into: store, from: &history, "ingest into an empty cache")
    try ingest(count / 10, into: store, from: &history, "ingest into a full cache")
}

private func ingest(
    _ count: Int, into store: ChatStore, from history: inout History, _ name: String
) throws {
    let size = ChangesQuestion.limit
    var wall = 0.0
    var processor = 0.0
    var waited = 0.0
    for _ in 0..<max(1, count / size) {
        let answer = history.syncAnswer(count: size)
        let before = (processorSeconds(), secondsInLine())
        wall += try seconds { try take(answer, into: store) }
        processor += processorSeconds() - before.0
        waited += secondsInLine() - before.1
    }
    let done = Double(max(1, count / size) * size)
    print(
        "\(name): \(text(done / processor)) messages/s of processor time, \(text(done / wall)) by the clock, "
            + "\(text(done / (wall - waited))) by the clock but for waiting for a processor "
            + "(bytes to commit, \(Int(done)) messages)")
}

/// Builds the index of the words, in the same steps as the engine.
func measureIndex(_ path: String) throws {
    let store = try ChatStore(path: path, me: History.me)
    let before = processorSeconds()
    var longest = 0.0
    var goesOn = true
    let count = try store.searchIndex.waitingCount()
    while goesOn {
        let time = try seconds { goesOn = try store.searchIndex.extend(limit: IndexingSchedule.step) }
        longest = max(longest, time)
    }
    store.database.checkpoint()
    var information = stat()
    stat(path, &information)
    let index =
        try store.database.first("SELECT sum(length(block)) FROM message_search_data") { $0.int64(0) } ?? 0
    print(
        "index: \(text(Double(count) / (processorSeconds() - before))) messages/s of processor time, "
            + "a step takes \(text(longest * 1000)) ms at most; "
            + "\(index / 1_000_000) MB of \(Int64(information.st_size) / 1_000_000) MB")
}
