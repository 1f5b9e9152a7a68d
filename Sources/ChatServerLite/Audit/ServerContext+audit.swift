import ChatWire

/// Whose refusals by one limit are noted together.
struct RefusalKey: Hashable, Sendable {
    let action: LimitedAction
    let account: UserID?
    let network: String?
}

extension ServerContext {
    /// Records an event in the audit log.
    func record(_ kind: AuditEvent.Kind, account: UserID? = nil, from client: ClientAddress? = nil) {
        audit?.record(AuditEvent(kind: kind, account: account, address: client?.text))
    }

    /// Records that a limit has refused something, at most once a minute for each account, network and
    /// action: a flood must not push the rest out of the log.
    func recordRefusal(
        _ kind: AuditEvent.Kind, by action: LimitedAction, account: UserID? = nil,
        from client: ClientAddress? = nil
    ) {
        guard audit != nil else { return }
        let key = RefusalKey(
            action: action, account: account, network: client.map { PeerNetwork.name(of: $0.text) })
        if refusals.take(from: key) { record(kind, account: account, from: client) }
    }
}
