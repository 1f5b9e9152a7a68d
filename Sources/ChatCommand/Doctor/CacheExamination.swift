import ChatClientCore
import ChatTUI
import ChatWire

/// Checks this machine: the account, and what waits to be sent.
struct CacheExamination {
    let context: CommandContext

    /// The client that opened the cache, for the checks that need one.
    func run() async -> (ChatClient?, [Finding]) {
        let strings = context.strings
        let start = ContinuousClock.now
        do throws(CommandFailure) {
            let client = try context.makeClient()
            try await context.signInByToken(client)
            let account = await client.account
            let who = account.map { strings.person($0.user.name, $0.user.email) } ?? strings.noAccount
            let outbox = await client.outboxSummary()
            let former = try await context.asking { () throws(ChatError) in
                try await client.cache.formerServer()
            }
            let finding = Finding(
                examination: .cache, verdict: outbox.waiting > 0 || former != nil ? .warning : .ok,
                detail: "\(strings.accountWord): \(who); \(strings.outbox(outbox))"
                    + (former.map { "; \(strings.former($0))" } ?? ""),
                duration: ContinuousClock.now - start)
            return (client, [finding])
        } catch {
            let finding = Finding(
                examination: .cache, verdict: .failed, detail: error.message,
                duration: ContinuousClock.now - start,
                failure: error)
            return (nil, [finding])
        }
    }
}
