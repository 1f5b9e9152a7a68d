import ChatClientCore
import ChatTUI
import ChatWire

/// Checks the account on the server: the token, and the realtime link.
struct AccountExamination {
    let context: CommandContext
    /// Nil when the cache cannot be used.
    let client: ChatClient?

    /// How long the link may take to come up.
    private static let linkTimeout = Duration.seconds(15)

    func run(isServerWell: Bool) async -> [Finding] {
        let strings = context.strings
        guard isServerWell, let client, let account = await client.account else {
            let detail = isServerWell ? strings.notSignedIn : strings.notLookedAt
            return [Examination.login, .link].map {
                Finding(examination: $0, verdict: .skipped, detail: detail)
            }
        }
        let start = ContinuousClock.now
        do throws(ChatError) {
            try await client.verifyToken()
        } catch {
            let failure = strings.failure(error)
            return [
                Finding(
                    examination: .login, verdict: .failed, detail: failure.message,
                    duration: ContinuousClock.now - start, failure: failure),
                Finding(examination: .link, verdict: .skipped, detail: strings.notLookedAt),
            ]
        }
        let detail = account.expiresAt.map { strings.expires($0) } ?? strings.accepted
        let login = Finding(
            examination: .login, verdict: .ok, detail: detail, duration: ContinuousClock.now - start)
        return [login, await link(client)]
    }

    private func link(_ client: ChatClient) async -> Finding {
        if let finding = await stoppedHolder(client) { return finding }
        let start = ContinuousClock.now
        let wait = ServerWait(client: client, strings: context.strings)
        let failure = await wait.until(timeout: Self.linkTimeout) { () throws(ChatError) in
            await client.linkState == .online
        }
        let duration = ContinuousClock.now - start
        guard let failure else {
            return Finding(
                examination: .link, verdict: .ok, detail: context.strings.words(LinkState.online),
                duration: duration)
        }
        return Finding(
            examination: .link, verdict: .failed, detail: failure.message, duration: duration,
            failure: failure)
    }

    /// Another program holds the link but is stopped.
    private func stoppedHolder(_ client: ChatClient) async -> Finding? {
        guard let holder = await client.linkHolder(), holder.isStopped else { return nil }
        let failure = CommandFailure(
            .network, context.strings.holderIsStopped(holder.process),
            advice: context.strings.holderAdvice(holder.process))
        return Finding(
            examination: .link, verdict: .failed, detail: failure.message, duration: nil, failure: failure)
    }
}
