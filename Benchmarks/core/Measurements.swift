import ChatSQLite
import ChatWire
import Glibc

@testable import ChatClientCore

/// What a start shows: the list, and the first page of a conversation.
func measureReading(_ path: String) throws {
    report(
        "open, list and first page",
        try milliseconds(rounds: 20) { _ in
            let store = try ChatStore(path: path, me: History.me)
            let first = try store.conversations.all()[0].peer
            _ = try store.timeline.page(with: first, .newest, limit: 50)
        })
    let store = try ChatStore(path: path, me: History.me)
    report(
        "page at any depth",
        try milliseconds(rounds: 200) { round in
            let peer = UserID(Int64(2 + round % History.peers))
            let position = TimelinePosition(sent: MessageID(Int64(1 + round * 4999 % 990_000)))
            _ = try store.timeline.page(with: peer, .before(position), limit: 50)
        })
    report(
        "row of a time",
        try milliseconds(rounds: 50) { round in
            let time = Timestamp(seconds: 1_700_000_000 + Int64(round) * 599_999)
            _ = try store.timeline.position(with: UserID(7), at: time)
        })
}

/// Common and rare words, prefixes of every length, several words, one conversation.
func measureSearch(_ path: String) throws {
    let store = try ChatStore(path: path, me: History.me)
    let queries: [(text: String, peer: UserID?)] = [
        ("que", nil), ("me", nil), ("q", nil), ("x", nil), ("men", nil), ("mens", nil), ("mensag", nil),
        ("mensagem", nil), ("não", nil), ("de que", nil), ("de mens", nil), ("melhor mercado mandar", nil),
        ("ba", nil),
        ("bamente", nil), ("\"para você\"", nil), ("zzz", nil), ("que", UserID(17)), ("mensag", UserID(17)),
        ("e", UserID(17)),
    ]
    var slowest = 0.0
    for (words, peer) in queries {
        guard let query = SearchQuery(words) else { continue }
        var found = 0
        let time = try milliseconds(rounds: 9) { _ in
            found = try store.search.page(query, with: peer, below: nil, limit: 50).found.count
        }
        slowest = max(slowest, time.median)
        let place = peer == nil ? "" : " in one conversation"
        print("search \(words)\(place): \(text(time.best)) ms (median \(text(time.median))), \(found) found")
    }
    print("search: the slowest median is \(text(slowest)) ms")
}

/// Entering a message, compared with the minimum cost of a durable write; a day's changes.
func measureWriting(_ path: String, beside plainPath: String, from history: inout History) throws {
    let store = try ChatStore(path: path, me: History.me)
    let file = open(plainPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    let block = [UInt8](repeating: 7, count: 4096)
    var plain: [Double] = []
    var entered: [Double] = []
    for round in 0..<60 {
        plain.append(
            seconds {
                _ = write(file, block, block.count)
                fdatasync(file)
            })
        entered.append(
            try seconds {
                _ = try store.outbox.enqueue(
                    "olá, tudo bem?", to: UserID(Int64(2 + round)), tempID: TempID("bench-\(round)"),
                    at: Timestamp(seconds: 1_900_000_000), attemptAbove: nil)
            })
    }
    plain.sort()
    entered.sort()
    print(
        "enqueue: \(text(entered[30] * 1000)) ms, an fdatasync of 4 KiB \(text(plain[30] * 1000)) ms: "
            + "\(text(entered[30] / plain[30])) of it (medians)")
    report(
        "catching up on 1,000 changes, bytes to commit",
        try milliseconds(rounds: 5) { _ in
            try take(history.syncAnswer(count: 1000), into: store)
        })
}
