import ChatWire
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The hub with real sessions: what each client receives, byte for byte, and when.
@Suite struct HubSessionTests {
    private func person(_ user: User) -> Person { Person(id: user.id, name: user.name) }

    private func join(_ contact: User) -> String {
        #"42["join_conversation",{"contact_user_id":\#(contact.id.rawValue)}]"#
    }

    private func send(_ text: String, to receiver: User, _ tempID: String) -> String {
        #"42["send_message",{"receiver_id":\#(receiver.id.rawValue),"content":"\#(text)","temp_id":"\#(tempID)"}]"#
    }

    /// The names of events.
    private func names(_ packets: [String]) -> [String] {
        packets.map { packet in packet.split(separator: "\"").dropFirst().first.map(String.init) ?? packet }
    }

    // MARK: Presence

    @Test func whoHasSomebodyAsAContactHearsOfThem() async throws {
        try await HubWorld.run { world in
            let bia = try world.register("Bia")
            let ana = try world.register("Ana", contacts: [bia])
            let anas = world.signIn(ana)
            #expect(anas.received() == [])
            let bias = world.signIn(bia)
            #expect(anas.received() == [ServerEvent.userOnline(person(bia)).text])
            // Bia does not have Ana as a contact.
            #expect(bias.received() == [])
            bias.post("41")
            #expect(anas.received() == [ServerEvent.userOffline(bia.id).text])
        }
    }

    @Test func aNewcomerHearsWhoIsThere() async throws {
        try await HubWorld.run { world in
            let bia = try world.register("Bia")
            let ana = try world.register("Ana", contacts: [bia])
            _ = world.signIn(bia)
            #expect(world.signIn(ana).received() == [ServerEvent.userOnline(person(bia)).text])
        }
    }

    /// A user is online until the last of their sessions ends, however it ends.
    @Test func theLastSessionTakesItsUserOffline() async throws {
        try await HubWorld.run { world in
            let bia = try world.register("Bia")
            let ana = try world.register("Ana", contacts: [bia])
            let anas = world.signIn(ana)
            let sessions = (0..<3).map { _ in world.signIn(bia) }
            #expect(anas.received() == [ServerEvent.userOnline(person(bia)).text])
            sessions[0].post("41")
            sessions[1].post("1")
            #expect(anas.received() == [])
            sessions[2].connection.pollAborted()
            #expect(anas.received() == [ServerEvent.userOffline(bia.id).text])
            #expect(sessions.map(\.isOpen) == [true, false, false])
        }
    }

    @Test func theOldestSessionOfAnAccountMakesRoom() async throws {
        try await HubWorld.run(configure: { $0.limits.socketsPerUser = 2 }) { world in
            let ana = try world.register("Ana")
            let sessions = (0..<4).map { _ in world.signIn(ana) }
            world.loop.run()
            #expect(sessions.map(\.isOpen) == [false, false, true, true])
        }
    }

    // MARK: Messages

    /// Before the commit nobody hears of a message. After it the answers and the notification are made at once.
    @Test func aMessageIsToldAfterItsCommit() async throws {
        try await HubWorld.run { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let (anas, bias) = (world.signIn(ana), world.signIn(bia))
            anas.post(send("olá", to: bia, "t1"))
            #expect(anas.received() == [] && bias.received() == [])
            world.commit()
            #expect(names(anas.received()) == ["message_sending", "message_confirmed", "message_sent"])
            let notification = bias.received()
            #expect(names(notification) == ["message_notification"])
            #expect(notification.first?.contains(#""content":"olá""#) == true)
        }
    }

    /// A session that has joined gets the message itself. The sender's other sessions get it too.
    @Test func whoHasJoinedGetsTheMessage() async throws {
        try await HubWorld.run { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let (sending, other, joined) = (world.signIn(ana), world.signIn(ana), world.signIn(bia))
            joined.post(join(ana))
            #expect(joined.received() == [])
            sending.post(send("oi", to: bia, "t1"))
            world.commit()
            #expect(names(sending.received()) == ["message_sending", "message_confirmed", "message_sent"])
            #expect(names(other.received()) == ["new_message"])
            #expect(Set(names(joined.received())) == ["new_message", "message_notification"])
            // Who has left gets the notification only.
            joined.post(#"42["leave_conversation",{"contact_user_id":\#(ana.id.rawValue)}]"#)
            sending.post(send("oi", to: bia, "t2"))
            world.commit()
            #expect(names(joined.received()) == ["message_notification"])
        }
    }

    /// The open GET takes the first packet of a commit, and the next one all others.
    @Test func whatFollowsTheFirstPacketGoesOutTogether() async throws {
        try await HubWorld.run { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let (anas, bias) = (world.signIn(ana), world.signIn(bia))
            #expect(bias.received() == [])
            let before = bias.answers
            anas.post(send("a", to: bia, "t1"), send("b", to: bia, "t2"), send("c", to: bia, "t3"))
            world.commit(3)
            #expect(names(bias.received()) == Array(repeating: "message_notification", count: 3))
            #expect(bias.answers - before == 2)
        }
    }

    /// The same temp_id again is answered again, and only to the sender.
    @Test func aRepetitionIsAnsweredToTheSenderOnly() async throws {
        try await HubWorld.run { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let (anas, bias) = (world.signIn(ana), world.signIn(bia))
            for _ in 0..<2 {
                anas.post(send("a", to: bia, "t1"))
                world.commit()
                #expect(names(anas.received()) == ["message_sending", "message_confirmed", "message_sent"])
            }
            #expect(names(bias.received()) == ["message_notification"])
        }
    }

    /// A refusal concerns the sender alone.
    @Test func aRefusalGoesToTheSender() async throws {
        try await HubWorld.run { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let (anas, bias) = (world.signIn(ana), world.signIn(bia))
            anas.post(send("   ", to: bia, "t1"))
            let answers = anas.received()
            #expect(names(answers) == ["message_sending", "message_error"])
            #expect(answers.last?.contains(Refusal.contentBlank.message) == true)
            #expect(bias.received() == [])
        }
    }

    @Test func readingIsToldToTheSender() async throws {
        try await HubWorld.run { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let (anas, bias) = (world.signIn(ana), world.signIn(bia))
            anas.post(send("oi", to: bia, "t1"))
            world.commit()
            _ = (anas.received(), bias.received())
            bias.post(#"42["message_read",{"sender_id":\#(ana.id.rawValue)}]"#)
            world.commit()
            #expect(names(anas.received()) == ["messages_read"])
        }
    }

    // MARK: Typing

    @Test func typingIsToldToTheRoomAndEndsByItself() async throws {
        try await HubWorld.run(configure: { $0.limits.typingLifetime = .zero }) { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let (anas, bias, outside) = (world.signIn(ana), world.signIn(bia), world.signIn(bia))
            bias.post(join(ana))
            anas.post(join(bia))
            anas.post(#"42["typing_start",{"contact_user_id":\#(bia.id.rawValue)}]"#)
            #expect(bias.received() == [ServerEvent.userTyping(person(ana)).text])
            #expect(anas.received() == [] && outside.received() == [])
            world.context.hub.here { $0.tick() }
            #expect(bias.received() == [ServerEvent.userStoppedTyping(ana.id).text])
            world.context.hub.here { $0.tick() }
            #expect(bias.received() == [])
        }
    }

    // MARK: Signing in

    @Test(arguments: [
        #"40"#, #"40{}"#, #"40{"token":""}"#, #"40{"token":"a.b.c"}"#, #"40{"token":7}"#,
    ])
    func withoutAValidTokenASessionIsRefused(packet: String) async throws {
        try await HubWorld.run { world in
            let session = world.stranger()
            session.post(packet)
            #expect(session.received() == ["41", #"44{"message":"Connection rejected by server"}"#])
        }
    }

    /// A token of an account that is not in this database is refused like a wrong one.
    @Test func aTokenWithoutAnAccountIsRefused() async throws {
        try await HubWorld.run { world in
            let session = world.stranger()
            let nobody = User(id: UserID(99), name: "", email: "")
            let token = world.context.signer.token(for: nobody, now: ServerClock.now())
            session.post(#"40{"token":"\#(token)"}"#)
            #expect(session.received() == ["41", #"44{"message":"Connection rejected by server"}"#])
        }
    }

    /// A database that fails says nothing about the token: the session ends, and the client tries again.
    @Test func aFailingDatabaseIsNoRefusal() async throws {
        let shared = MemoryStorage.Shared()
        try await HubWorld.run(sharing: shared) { world in
            let ana = try world.register("Ana")
            shared.failReads(StorageFailure(.corrupt, detail: "torn page"))
            let session = world.stranger()
            let token = world.context.signer.token(for: ana, now: ServerClock.now())
            session.post(#"40{"token":"\#(token)"}"#)
            #expect(!session.isOpen)
            #expect(world.log.lines == ["error the database failed cause=torn page"])
            shared.failReads(nil)
            #expect(world.signIn(ana).isOpen)
        }
    }

    /// What follows a CONNECT in the same POST is carried out after the sign-in.
    @Test func eventsBehindTheSignInWaitForIt() async throws {
        try await HubWorld.run { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let session = world.stranger()
            let token = world.context.signer.token(for: ana, now: ServerClock.now())
            session.post(#"40{"token":"\#(token)"}"#, send("cedo", to: bia, "t1"))
            world.commit()
            let packets = session.received()
            #expect(packets.first?.hasPrefix(#"40{"sid":"#) == true)
            #expect(
                names(Array(packets.dropFirst())) == ["message_sending", "message_confirmed", "message_sent"])
        }
    }

    @Test func eventsWithoutASignInAreDropped() async throws {
        try await HubWorld.run { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let session = world.stranger()
            session.post(send("cedo", to: bia, "t1"))
            #expect(session.isOpen && session.received() == [])
            let anas = world.signIn(ana)
            anas.post(send("tarde", to: bia, "t2"))
            world.commit()
            #expect(names(anas.received()) == ["message_sending", "message_confirmed", "message_sent"])
        }
    }

    /// Events beyond an account's rate have no effect. Their sender is told, on whichever session it is, and
    /// messages count apart.
    @Test func tooManyEventsAreRefused() async throws {
        try await HubWorld.run(
            configure: { $0.requestRates[.events].account = Rate(burst: 2, period: .seconds(20)) }
        ) { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let (anas, others, bias) = (world.signIn(ana), world.signIn(ana), world.signIn(bia))
            bias.post(join(ana))
            anas.post(join(bia))
            let typing = #"["typing_start",{"contact_user_id":\#(bia.id.rawValue)}]"#
            anas.post("42" + typing)
            #expect(names(bias.received()) == ["user_typing"])
            let refusal = ServerEvent.error("Muitas requisições, tente novamente em instantes").text
            anas.post("425" + typing)
            others.post("42" + typing)
            #expect(bias.received() == [])
            #expect(anas.received() == [refusal, "435[]"])
            #expect(others.received() == [refusal])
            #expect(world.context.counters[.limited(.events, .account)] == 2)
            anas.post(send("oi", to: bia, "t1"))
            world.commit()
            #expect(
                names(anas.received()) == [
                    "message_sending", "message_confirmed", "message_sent", "new_message",
                ])
            _ = bias.received()
            world.clock.pass(.seconds(10))
            anas.post("42" + typing)
            #expect(names(bias.received()) == ["user_typing"])
        }
    }

    /// A message beyond the rate is not stored. The sender learns which message it was, and when to try again.
    @Test func tooManyMessagesAreRefused() async throws {
        try await HubWorld.run(
            configure: { $0.requestRates[.send].account = Rate(burst: 1, period: .seconds(90)) }
        ) { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let anas = world.signIn(ana)
            anas.post(send("a", to: bia, "t1"))
            world.commit()
            _ = anas.received()
            world.clock.pass(.milliseconds(500))
            anas.post("427" + send("b", to: bia, "t2").dropFirst(2))
            let reason = "Muitas requisições, tente novamente em instantes"
            #expect(
                anas.received() == [
                    ServerEvent.error(reason).text,
                    #"437[{"success":false,"message":"\#(reason)","temp_id":"t2","retry_after":90}]"#,
                ])
            world.clock.pass(.milliseconds(89_500))
            anas.post(send("b", to: bia, "t2"))
            world.commit()
            #expect(names(anas.received()).contains("message_confirmed"))
        }
    }

    /// The real server's clients know no error for this, so they only get the acknowledgement.
    @Test func theOriginalRefusesInSilence() async throws {
        try await HubWorld.run(configure: {
            $0.behaviour.realtime = .recorded
            $0.requestRates[.events].account = Rate(burst: 1, period: .seconds(20))
        }) { world in
            let (ana, bia) = (try world.register("Ana"), try world.register("Bia"))
            let anas = world.signIn(ana)
            anas.post(join(bia))
            _ = anas.received()
            anas.post("426" + join(bia).dropFirst(2))
            #expect(anas.received() == ["436[]"])
        }
    }

    // MARK: Several nodes

    /// Two nodes share a database and a bus. Whoever is on one hears of what happens on the other.
    @Test func nodesTellEachOther() async throws {
        let bus = TestBus()
        let shared = MemoryStorage.Shared()
        let nodes = [bus.makeNode(), bus.makeNode()]
        try await HubWorld.run(node: nodes[0], sharing: shared) { here in
            let bia = try here.register("Bia")
            let ana = try here.register("Ana", contacts: [bia])
            let anas = here.signIn(ana)
            // The other node is only its hub: what it publishes is given to this one by hand.
            here.context.hub.here {
                $0.receive([.packet(ServerEvent.userOnline(person(bia)).packet(), to: .watchers(bia.id))])
            }
            #expect(anas.received() == [ServerEvent.userOnline(person(bia)).text])
            let foreign = SocketID(node: nodes[1].id, number: 1)
            here.context.hub.here {
                $0.receive([.packet(ServerEvent.error("x").packet(), to: .socket(foreign))])
            }
            #expect(anas.received() == [])
            here.context.hub.here { $0.receive([.contactRemoved(bia.id, from: ana.id)]) }
            here.context.hub.here {
                $0.receive([.packet(ServerEvent.userOffline(bia.id).packet(), to: .watchers(bia.id))])
            }
            #expect(anas.received() == [])
        }
    }
}
