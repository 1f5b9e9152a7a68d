/// One process among those that serve the same database.
package struct NodeID: Hashable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }

    /// A random number, so that no two processes share one, not even over time.
    package static func random() -> NodeID { NodeID(rawValue: .random(in: 1...Int64.max)) }
}

/// One realtime connection of a node.
package struct SocketID: Hashable, Sendable {
    let node: NodeID
    /// The number of the connection on its node.
    let number: Int64
}
