import Logging

/// What routes and event handlers work with.
struct ServerContext: Sendable {
    let configuration: ServerConfiguration
    let store: ServerStore
    let hub: Hub
    let hasher: PasswordHasher
    let signer: TokenSigner
    let push: PushSender
    let logger: Logger
    /// Runs tasks on the event loop of the sockets.
    let taskExecutor: EventLoopTaskExecutor
}
