import ChatWire
import Synchronization

@testable import ChatServerLite

/// Joins the nodes of one process, as a message queue joins those of several machines. Everything on it is
/// text.
final class TestBus: Sendable {
    private struct State {
        var receivers: [NodeID: @Sendable ([NodeMessage]) -> Void] = [:]
        var people: [UserID: (person: Person, nodes: Set<NodeID>)] = [:]
    }

    private let state = Mutex(State())

    func makeNode() -> Node {
        let id = NodeID.random()
        return Node(id: id, presence: End(bus: self, id: id), fanout: End(bus: self, id: id))
    }

    /// The bus as seen by one node.
    private struct End: Fanout, Presence {
        let bus: TestBus
        let id: NodeID

        var hasOthers: Bool { true }

        func start(_ receive: @escaping @Sendable ([NodeMessage]) -> Void) async {
            bus.state.withLock { $0.receivers[id] = receive }
        }

        func publish(_ messages: [NodeMessage]) {
            let texts = messages.map(\.text)
            let others = bus.state.withLock { state in state.receivers.filter { $0.key != id }.values }
            for receive in others { receive(texts.compactMap { try? NodeMessage(parsing: $0) }) }
        }

        func stop() async { bus.state.withLock { $0.receivers[id] = nil } }

        func person(_ user: UserID) -> Person? { bus.state.withLock { $0.people[user]?.person } }

        func arrive(_ user: Person) -> Bool {
            bus.state.withLock { state in
                let isFirst = state.people[user.id] == nil
                state.people[user.id, default: (user, [])].nodes.insert(id)
                return isFirst
            }
        }

        func depart(_ user: UserID) -> Bool {
            bus.state.withLock { state in
                state.people[user]?.nodes.remove(id)
                guard state.people[user]?.nodes.isEmpty == true else { return false }
                state.people[user] = nil
                return true
            }
        }
    }
}
