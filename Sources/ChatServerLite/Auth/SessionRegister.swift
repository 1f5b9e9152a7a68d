import ChatWire
import Synchronization

/// What the server knows of sessions without asking the storage: those that were ended, and those that were used
/// since the last time that this was stored. So a request is checked without a read, and its session seen without
/// a write.
final class SessionRegister: Sendable {
    private struct State {
        /// The ended sessions, each until its tokens have expired.
        var ended: [SessionID: Timestamp] = [:]
        var seen: [SessionID: StoredSession] = [:]
    }

    private let state = Mutex(State())
    private let seenMax: Int

    /// - Parameter seenMax: how many sessions are remembered as used until that is stored. The use of others is not
    ///   recorded.
    init(seenMax: Int = 20_000) { self.seenMax = seenMax }

    /// Whether the session was ended.
    func isEnded(_ session: SessionID) -> Bool { state.withLock { $0.ended[session] != nil } }

    /// How many ended sessions are remembered.
    var endedCount: Int { state.withLock { $0.ended.count } }

    /// Remembers sessions that were ended.
    func end(_ sessions: [EndedSession]) {
        state.withLock { state in
            for session in sessions {
                state.ended[session.id] = max(session.expiresAt, state.ended[session.id] ?? session.expiresAt)
                state.seen[session.id] = nil
            }
        }
    }

    /// Records that a session was used. An empty address or agent says nothing new.
    func saw(_ holder: TokenSigner.Holder, address: String, agent: String, at now: Timestamp) {
        guard let id = holder.session, let expires = holder.expiresAt else { return }
        state.withLock { state in
            if state.seen[id] != nil {
                state.seen[id]?.lastSeenAt = now
                if !address.isEmpty { state.seen[id]?.address = address }
                return
            }
            guard state.ended[id] == nil, state.seen.count < seenMax else { return }
            state.seen[id] = StoredSession(
                id: id, user: holder.user,
                createdAt: holder.issuedAt.map { min(Timestamp(seconds: $0), now) } ?? now, lastSeenAt: now,
                expiresAt: Timestamp(seconds: expires), address: address, agent: agent)
        }
    }

    /// The sessions that were used since the last call, in order. Also forgets the ended sessions whose tokens have
    /// expired.
    func takeSeen(at now: Timestamp) -> [StoredSession] {
        state.withLock { state in
            state.ended = state.ended.filter { $0.value > now }
            defer { state.seen.removeAll(keepingCapacity: true) }
            return state.seen.values.sorted { $0.id < $1.id }
        }
    }
}

extension Storage {
    /// Stores the use of sessions, piece by piece, so that messages need not wait for the rest.
    func save(_ sessions: ArraySlice<StoredSession>) {
        guard !sessions.isEmpty else { return }
        submit(SaveSessions(Array(sessions.prefix(200)))) { [weak self] _ in
            // What is lost here is seen again with the next use.
            self?.save(sessions.dropFirst(200))
        }
    }
}

/// What a client calls itself, as the list of sessions shows it.
enum ClientAgent {
    /// The most Unicode scalars.
    static let lengthMax = 120

    /// The text without what cannot be seen, or would change the text around it.
    static func text(_ header: String?) -> String {
        guard let header else { return "" }
        let visible = header.unicodeScalars.lazy.prefix(1000).filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
                .paragraphSeparator:
                false
            default: true
            }
        }
        return strippedLikePython(String(String.UnicodeScalarView(visible.prefix(lengthMax))))
    }
}
