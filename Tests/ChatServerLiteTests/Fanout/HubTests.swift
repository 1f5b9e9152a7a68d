import ChatWire
import NIOPosix
import Synchronization
import Testing

@testable import ChatServerLite

/// What the hub does with announcements other than informing connected sockets.
@Suite struct HubTests {
    /// A fan-out that records what is published.
    private final class Recorder: Fanout {
        let hasOthers: Bool
        private let messages = Mutex<[[NodeMessage]]>([])

        init(hasOthers: Bool) { self.hasOthers = hasOthers }

        var published: [[NodeMessage]] { messages.withLock { $0 } }
        func start(_ receive: @escaping @Sendable ([NodeMessage]) -> Void) async {}
        func publish(_ messages: [NodeMessage]) { self.messages.withLock { $0.append(messages) } }
        func stop() async {}
    }

    private let ana = Person(id: UserID(1), name: "Ana")
    private let bia = Person(id: UserID(2), name: "Bia")
    private let id = NodeID(rawValue: 5)

    private func message(isReplay: Bool = false) -> Announcement {
        let message = Message(
            id: MessageID(7), senderID: ana.id, receiverID: bia.id, content: "oi", isRead: false,
            createdAt: Timestamp(seconds: 1), status: .sent)
        return .message(
            MessageDelivery(
                SendMessage.Outcome(message: message, isReplay: isReplay), from: ana, tempID: nil,
                asker: Asker(socket: SocketID(node: id, number: 1), user: ana, acknowledgementID: 3)))
    }

    private func hub(_ fanout: Recorder, _ presence: any Presence = LocalPresence()) -> Hub {
        Hub(
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(), limits: ServerLimits(),
            node: Node(id: id, presence: presence, fanout: fanout))
    }

    /// An announcement for a socket of this node stays here. The rest of a burst is published together.
    @Test func otherNodesGetWhatMayConcernThem() async {
        let recorder = Recorder(hasOthers: true)
        let hub = hub(recorder)
        await hub.announce([message(), .contactAdded(bia.id, to: ana.id)])
        #expect(recorder.published == [])
        await hub.flush()
        #expect(recorder.published.count == 1)
        let audiences = recorder.published.first?.map { message -> String in
            guard case .packet(let packet, let audience) = message else { return "\(message)" }
            let name = String(decoding: packet.bytes, as: UTF8.self).split(separator: "\"")[1]
            return "\(name) \(audience)"
        }
        let pair = UserPair(ana.id, bia.id)
        let origin = SocketID(node: id, number: 1)
        #expect(
            audiences == [
                "new_message \(Audience.conversation(pair, sender: ana.id, origin: origin))",
                "message_notification \(Audience.user(bia.id, except: nil))",
                "\(NodeMessage.contactAdded(bia.id, to: ana.id))",
            ])
        await hub.flush()
        #expect(recorder.published.count == 1)
    }

    @Test func aSingleNodeMakesNoMessagesForOthers() async {
        let recorder = Recorder(hasOthers: false)
        let hub = hub(recorder)
        await hub.announce([message(), .contactRemoved(bia.id, from: ana.id)])
        await hub.flush()
        #expect(recorder.published == [])
    }

    /// A message from another node is delivered here and published nowhere, so nothing circulates.
    @Test func aReceivedMessageIsNotPublished() async {
        let recorder = Recorder(hasOthers: true)
        let hub = hub(recorder)
        await hub.receive([
            .packet(ServerEvent.error("x").packet(), to: .everyone(except: nil)),
            .contactAdded(bia.id, to: ana.id), .contactRemoved(bia.id, from: ana.id),
        ])
        #expect(recorder.published == [])
    }

    /// Presence on any node decides whether a message was missed. A replay never counts as missed.
    @Test(arguments: [(isOnline: false, isReplay: false, missed: 1), (true, false, 0), (false, true, 0)])
    func aMessageIsMissedWhenItsReceiverIsOffline(isOnline: Bool, isReplay: Bool, missed: Int) async {
        let presence = LocalPresence()
        if isOnline { _ = presence.arrive(bia) }
        let hub = hub(Recorder(hasOthers: false), presence)
        let count = Mutex(0)
        await hub.onMissedMessage { _, _ in count.withLock { $0 += 1 } }
        await hub.announce([message(isReplay: isReplay)])
        #expect(count.withLock { $0 } == missed)
    }
}
