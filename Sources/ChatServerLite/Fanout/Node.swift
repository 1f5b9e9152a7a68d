import ChatWire

/// This server among the servers of the same database.
package struct Node: Sendable {
    let id: NodeID
    let presence: any Presence
    let fanout: any Fanout

    package init(id: NodeID = .random(), presence: any Presence, fanout: any Fanout) {
        self.id = id
        self.presence = presence
        self.fanout = fanout
    }

    /// The only server of its database.
    package static func alone() -> Node { Node(presence: LocalPresence(), fanout: LocalFanout()) }
}
