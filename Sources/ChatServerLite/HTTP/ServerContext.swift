import ChatWire
import Logging

/// What routes and event handlers work with.
struct ServerContext: Sendable {
    let configuration: ServerConfiguration
    let store: any Storage
    let hub: Hub
    let fanout: any Fanout
    let hasher: PasswordHasher
    let signer: TokenSigner
    let push: PushSender
    let logger: Logger
    /// What waits for the readers of realtime connections, by their accounts.
    let backlogs = ByteBudget<UserID>(each: 16 << 20, all: 48 << 20)
    /// Answers that are being made or have not been taken, by accounts.
    let answers = ByteBudget<UserID>(each: 8 << 20, all: 48 << 20)
    /// What an account may do on its sockets beside sending messages.
    let events: RateLimiter<UserID>
    let pushTrials = PushTrials()
    /// Runs tasks on the event loop of the sockets.
    let taskExecutor: EventLoopTaskExecutor

    /// Logs that the database failed, unless the storage itself does so.
    func logFailure(_ error: StoreError) {
        guard case .storage(let failure) = error, !failure.kind.mayPass else { return }
        logger.error("the database failed", metadata: ["cause": "\(failure)"])
    }
}
