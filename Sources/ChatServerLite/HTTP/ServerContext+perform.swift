import ChatWire

extension ServerContext {
    /// Carries out a command. Returns once it is on disk.
    @discardableResult
    func perform<Command: StoreCommand>(_ command: Command) async throws(RouteError) -> Command.Outcome {
        try await perform(command) { _ in [] }
    }

    /// Carries out a command and announces it. Returns once it is on disk.
    @discardableResult
    func perform<Command: AnnouncedCommand>(_ command: Command) async throws(RouteError) -> Command.Outcome {
        try await perform(command) { command.announcements(of: $0) }
    }

    private func perform<Command: StoreCommand>(
        _ command: Command, announcing: @escaping @Sendable (Command.Outcome) -> [Announcement]
    ) async throws(RouteError) -> Command.Outcome {
        let result: Result<Command.Outcome, StoreError> = await withCheckedContinuation { continuation in
            store.submit(command) { [hub, announces = configuration.behaviour.announcesREST] result in
                if announces, case .success(let outcome) = result {
                    // Completions run on the hub's event loop, in the order of the commits.
                    hub.here { $0.announce(announcing(outcome)) }
                }
                continuation.resume(returning: result)
            }
        }
        return try await routing { () async throws(StoreError) in try result.get() }
    }
}
