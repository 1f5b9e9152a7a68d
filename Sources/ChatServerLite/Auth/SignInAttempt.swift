import ChatWire
import Logging

/// One attempt to sign in: its delay after failures, and what is noted about it.
struct SignInAttempt: Sendable {
    let asker: FairAsker
    let client: ClientAddress
    let context: ServerContext

    /// - Throws: `tooMany` when the asker must wait because of earlier failures. The password is not looked at
    ///   then, and the answer is the same for accounts that do not exist.
    func begin() throws(RouteError) {
        guard let wait = context.signIns?.begin(asker) else { return }
        let seconds = RequestLimiter.Refused(wait: wait).seconds
        context.counters.add(.signInDelayed)
        context.recordRefusal(.signInDelayed(retryAfter: seconds), by: .signIn, from: client)
        throw .tooMany(retryAfter: seconds)
    }

    /// The password was not looked at.
    func takeBack() { context.signIns?.takeBack(asker) }

    func succeeded(at account: StoredAccount) {
        context.signIns?.succeeded(asker)
        context.counters.add(.signedIn)
        context.record(.signedIn, account: account.user.id, from: client)
    }

    /// The password is right, and the account is disabled.
    func refused(at account: StoredAccount) {
        context.signIns?.succeeded(asker)
        context.record(.signInOfDisabled, account: account.user.id, from: client)
    }

    /// - Parameter account: nil when no account has the address.
    func failed(at account: StoredAccount?) {
        context.counters.add(.signInFailed)
        context.record(.signInFailed, account: account?.user.id, from: client)
        context.logger.notice(
            "a sign-in was refused",
            metadata: [
                "address": "\(client.text)", "user": "\(account.map { "\($0.user.id)" } ?? "unknown")",
            ])
    }
}
