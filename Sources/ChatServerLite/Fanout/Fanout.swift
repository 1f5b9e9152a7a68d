/// Carries what is announced on one node to the others. Each node tells its own sockets itself, at once.
package protocol Fanout: Sendable {
    /// Whether there may be other nodes. When not, nothing is made for them.
    var hasOthers: Bool { get }
    /// From now on `receive` gets what other nodes publish, in the order of each node.
    func start(_ receive: @escaping @Sendable ([NodeMessage]) -> Void) async
    /// Sends what one commit, or one burst of events, has brought. It never blocks, and may be lost: who must not
    /// miss anything asks the change log.
    func publish(_ messages: [NodeMessage])
    /// Nothing is received any more.
    func stop() async
}

/// The fan-out of a node that is alone.
struct LocalFanout: Fanout {
    var hasOthers: Bool { false }
    func start(_ receive: @escaping @Sendable ([NodeMessage]) -> Void) async {}
    func publish(_ messages: [NodeMessage]) {}
    func stop() async {}
}
