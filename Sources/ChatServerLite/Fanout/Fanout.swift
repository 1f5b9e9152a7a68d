/// Carries announcements from one node to the others. Each node informs its own sockets itself, at once.
package protocol Fanout: Sendable {
    /// Whether there may be other nodes. If not, no messages are made for them.
    var hasOthers: Bool { get }
    /// Starts receiving. `receive` gets the messages that other nodes publish, in order for each node.
    func start(_ receive: @escaping @Sendable ([NodeMessage]) -> Void) async
    /// Publishes the messages of one commit, or of one burst of events. It never blocks. Messages may be
    /// lost: the change log is the reliable source.
    func publish(_ messages: [NodeMessage])
    /// Stops receiving.
    func stop() async
}

/// The fan-out of a single node.
struct LocalFanout: Fanout {
    var hasOthers: Bool { false }
    func start(_ receive: @escaping @Sendable ([NodeMessage]) -> Void) async {}
    func publish(_ messages: [NodeMessage]) {}
    func stop() async {}
}
