import ChatSQLite
import ChatWire

/// What the server can do, which decides how unknown messages are settled and which other questions make sense.
struct ServerInformationQuestion: SyncQuestion, EndpointQuestion, SyncStep {
    typealias Answer = ServerInformation

    /// How long until a root is asked again that answered like no server of this API.
    private static let foreignRootPause = Duration.seconds(60)

    var call: APICall<Answer> { API.serverInformation() }

    func receive(
        _ information: ServerInformation, to asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        if try sync.isOtherDatabase(epoch: information.epoch, at: now, &context) { return }
        try learn(information.capabilities, at: now, &sync, &context)
    }

    /// A server that says nothing about itself has no extensions.
    func refused(
        reason: String, at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try learn([], at: now, &sync, &context)
    }

    /// The root may belong to another program for good.
    func answeredByAnother(
        _ asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        context.requests.plan.finish(.serverInformation)
        context.requests.plan.add(.serverInformation, after: Self.foreignRootPause, at: now.monotonic)
        try learnFromCache(at: now, &sync, &context)
    }

    // MARK: Capabilities

    private func learn(
        _ capabilities: Set<Capability>, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        context.requests.learn(capabilities)
        ServerSync.decideResending(&context)
        if capabilities.contains(.presenceSnapshot) {
            context.company.presenceIsComplete()
            context.announce(.conversations)
        }
        if capabilities.contains(.sync) { context.requests.plan.followChanges(at: now.monotonic) }
        try sync.known.tellReadMarks(&context)
        let text = capabilities.map(\.rawValue).sorted().joined(separator: " ")
        if try context.store.meta.text(.capabilities) != text {
            try context.store.meta.set(.capabilities, to: text)
        }
        try sync.fetchChanged(&context)
        context.renewTokenIfDue(at: now)
    }

    /// A server that says nothing can do what it last said; nothing more, if it has never said anything.
    private func learnFromCache(
        at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        guard context.requests.capabilities == nil else { return }
        guard let names = try context.store.meta.text(.capabilities)?.split(separator: " ") else {
            context.requests.learn([])
            ServerSync.decideResending(&context)
            return try sync.fetchChanged(&context)
        }
        let capabilities = Set(names.compactMap { Capability(rawValue: String($0)) })
        try learn(capabilities, at: now, &sync, &context)
    }
}

extension SyncPlan.Step {
    static let serverInformation = Self(ServerInformationQuestion())
}
