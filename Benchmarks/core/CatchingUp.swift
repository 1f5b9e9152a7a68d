import ChatSQLite
import ChatWire
import Logging

@testable import ChatClientCore

/// Fetches a person's missed messages over HTTP from a running server into the full cache: from request to commit.
func measureCatchingUp(
    _ path: String, directory: String, url: String, token: String, from cursor: String, rounds: Int
) async throws {
    let store = try ChatStore(path: path, me: History.me)
    let client = try ChatClient(
        configuration: ClientConfiguration(
            server: ServerURL(url), directories: ClientDirectories(root: directory + "/home"),
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }))
    var place = cursor
    var times: [Double] = []
    for _ in 0..<rounds {
        let clock = ContinuousClock()
        let begin = clock.now
        let answer = try await ChangesQuestion(cursor: place).ask(client.rest, token: token)
        guard case .changes(let changes, let next, _, _) = answer else {
            fatalError("the server does not know the place any more")
        }
        let effects = try store.apply(changes.compactMap { StoreChange($0, me: History.me) }, cursor: next)
        times.append((clock.now - begin) / .milliseconds(1))
        guard changes.count == ChangesQuestion.limit, effects.received.count == changes.count else {
            fatalError("\(changes.count) changes, \(effects.received.count) messages that were new")
        }
        place = next
    }
    times.sort()
    report(
        "catching up on \(ChangesQuestion.limit) changes over HTTP, question to commit",
        (times[0], times[times.count / 2]))
}
