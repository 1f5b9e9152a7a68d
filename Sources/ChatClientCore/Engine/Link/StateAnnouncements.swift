/// What observers and other programs were last told about the link, the outbox and presence, so that each change is told
/// once.
struct StateAnnouncements: Equatable, Sendable {
    private var link: LinkState?
    private var outbox: OutboxSummary
    private var presence: String?

    init(outbox: OutboxSummary) { self.outbox = outbox }

    /// The link is another program's now, or this one's: its state is told anew.
    mutating func forgetLink() { link = nil }

    /// Tells what differs from what was told last.
    mutating func update(_ context: inout EngineContext) {
        let state = context.linkState
        if state != link {
            link = state
            context.announce(.link(state))
            if context.link.isHolder { HolderNotes(context).publish(state) }
            presence = nil
        }
        publishPresence(state, context)
        let summary = context.outbox.summary
        if summary != outbox {
            outbox = summary
            context.announce(.outbox(summary))
        }
    }

    /// Once for everything that came together.
    private mutating func publishPresence(_ state: LinkState, _ context: EngineContext) {
        guard context.link.isHolder, state == .online else { return }
        let words = context.company.presence.published
        guard words != presence else { return }
        presence = words
        HolderNotes(context).publish(presence: words)
    }
}

extension EngineContext {
    /// The state of the link: of this program's, or of the program that holds it.
    var linkState: LinkState {
        guard signIn.isSignedIn else { return signIn.renewal == .running ? .connecting : .refused }
        // The cache could not keep what a link brings. The state that another program left in it may be old.
        if link.isWanted, let refusal = store.writeRefusal {
            return .offline(reason: .storage(refusal), nextTry: nil)
        }
        if isWatching { return HolderNotes(self).linkState }
        switch link.stage {
        case .idle: return .offline(reason: link.failure, nextTry: nil)
        case .waiting(let until): return .offline(reason: link.failure, nextTry: until)
        case .opening, .checking, .verifying: return .connecting
        case .up: return .online
        case .displaced: return .inUseElsewhere
        }
    }

    /// Who is connected: as this program was told, or the one that holds the link.
    var presence: PresenceBook { isWatching ? HolderNotes(self).presence : company.presence }

    /// Another program holds the link, and this one follows it.
    private var isWatching: Bool { link.isWanted && !link.isHolder }
}
