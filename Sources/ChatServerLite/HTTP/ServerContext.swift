import ChatWire
import Logging

/// The services that routes and event handlers use.
struct ServerContext: Sendable {
    let configuration: ServerConfiguration
    let store: any Storage
    let hub: Hub
    let fanout: any Fanout
    let hasher: PasswordHasher
    let signer: TokenSigner
    /// The keys of the signer, as their file has them; nil when nothing can change them.
    var keeper: TokenKeeper?
    let push: PushSender
    let logger: Logger
    let traffic: TrafficCounters
    /// Counts the bytes that wait for realtime clients to read them, by account.
    let backlogs = ByteBudget<UserID>(each: 16 << 20, all: 48 << 20)
    /// Counts the bytes of large answers that clients have not read yet, by account.
    let answers = ByteBudget<UserID>(each: 8 << 20, all: 48 << 20)
    /// Limits what an address or an account may do in a time.
    let limits: RequestLimiter
    let counters: Counters
    /// Delays those who guess passwords; nil when nobody is delayed.
    let signIns: SignInWatch?
    /// Nil when a sign-up needs no proof of work.
    let challenges: SignUpChallenges?
    /// Nil when there is no audit log.
    let audit: AuditLog?
    /// Limits how often refusals are recorded in the audit log.
    let refusals: RateLimiter<RefusalKey>
    let pushTrials = PushTrials()
    /// The accounts that nobody may use.
    let blocked = BlockedAccounts()
    /// Runs tasks on the event loop of the sockets.
    let taskExecutor: EventLoopTaskExecutor

    /// The sessions that were ended, and those that were used lately.
    var sessions: SessionRegister { hub.register }

    /// Logs a failure of the database, unless the storage itself logs it.
    func logFailure(_ error: StoreError) {
        guard case .storage(let failure) = error, !failure.kind.mayPass else { return }
        logger.error("the database failed", metadata: ["cause": "\(failure)"])
    }
}
