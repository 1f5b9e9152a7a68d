import ChatWire
import Testing

/// Scripts: calls and the actions that they must return.
@Suite struct SocketSessionTests {
    private func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .seconds(seconds)
    }

    private func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    private func message(_ text: String) -> EngineMessage { .text(bytes(text)) }

    private func frame(_ text: String) -> SocketSession.Action { .transmit(.text(Array(text.utf8))) }

    private func event(
        _ text: String, id: UInt64? = nil, namespace: String = "/", attachments: [[UInt8]] = []
    )
        -> SocketSession.Action
    {
        .event(
            SocketEvent(
                namespace: namespace, payload: bytes(text), acknowledgementID: id, attachments: attachments))
    }

    private func connectedClient(_ policy: WirePolicy = .recorded) -> SocketSession {
        var session = SocketSession(role: .client, policy: policy)
        session.start(now: at(0))
        #expect(
            session.connect(auth: ["token": "abc"], timeout: .seconds(5), now: at(0)) == [
                frame(#"40{"token":"abc"}"#)
            ])
        #expect(session.receive(message(#"0{"sid":"s"}"#)) == [.connected(namespace: "/", sid: "s")])
        return session
    }

    private func server(_ policy: WirePolicy = .recorded, namespaces: Set<String> = ["/"]) -> SocketSession {
        var session = SocketSession(
            role: .server(namespaces: namespaces, connectTimeout: .seconds(30)), policy: policy)
        session.start(now: at(0))
        return session
    }

    private func connectedServer(_ policy: WirePolicy = .recorded) -> SocketSession {
        var session = server(policy)
        #expect(session.receive(message("0")) == [.connectRequested(namespace: "/", auth: nil)])
        #expect(session.accept(sid: "s") == [frame(#"40{"sid":"s"}"#)])
        return session
    }

    // MARK: - A client connects

    @Test func `a client is let in`() {
        var session = connectedClient()
        #expect(session.isConnected() && session.deadline == nil)
        #expect(session.connect(auth: nil, timeout: .seconds(5), now: at(1)) == [])
        #expect(session.receive(message("1")) == [.disconnected(namespace: "/")])
        #expect(!session.isConnected())
        #expect(session.connect(auth: nil, timeout: .seconds(5), now: at(1)) == [frame("40")])
    }

    @Test(arguments: [
        (
            #"4{"message":"Connection rejected by server"}"#,
            ConnectRefusal(message: "Connection rejected by server")
        ),
        (#"4"Unable to connect""#, ConnectRefusal(message: "Unable to connect")),
        (#"4{"message":"x","data":{"code":3}}"#, ConnectRefusal(message: "x", data: ["code": 3])),
        ("4", ConnectRefusal(message: "")), ("4[]", ConnectRefusal(message: "")),
        (#"4{"message":7}"#, ConnectRefusal(message: "")),
    ])
    func `a client is refused`(answer: String, refusal: ConnectRefusal) {
        for hasLeft in [false, true] {
            var session = SocketSession(role: .client)
            _ = session.connect(auth: [:], timeout: .seconds(5), now: at(0))
            if hasLeft { #expect(session.receive(message("1")) == []) }
            #expect(session.receive(message(answer)) == [.refused(namespace: "/", refusal)])
            #expect(session.deadline == nil)
            // The session remains for another try.
            #expect(session.connect(auth: nil, timeout: .seconds(5), now: at(1)) == [frame("40")])
            #expect(session.receive(message(#"0{"sid":"s"}"#)) == [.connected(namespace: "/", sid: "s")])
        }
    }

    @Test func `silence has an end`() {
        var session = SocketSession(role: .client)
        _ = session.connect(auth: nil, timeout: .seconds(5), now: at(0))
        #expect(session.deadline == at(5))
        #expect(session.tick(now: at(4.9)) == [])
        #expect(session.tick(now: at(5)) == [.connectTimedOut(namespace: "/")])
        #expect(session.deadline == nil)
        // A late answer is ignored.
        #expect(session.receive(message(#"0{"sid":"s"}"#)) == [] && !session.isConnected())
        // After a 41 alone, silence is a refusal.
        _ = session.connect(auth: nil, timeout: .seconds(5), now: at(10))
        #expect(session.receive(message("1")) == [])
        #expect(session.tick(now: at(15)) == [.refused(namespace: "/", ConnectRefusal(message: ""))])
    }

    @Test func `an older protocol is none`() {
        var session = SocketSession(role: .client, policy: .strict)
        _ = session.connect(auth: nil, timeout: .seconds(5), now: at(0))
        #expect(session.receive(message("0")) == [.fail(.unexpectedPayload(.connect))])
    }

    // MARK: - A server lets in

    @Test func `a server decides`() {
        var session = server()
        let token: JSONValue = ["token": "abc"]
        #expect(session.deadline == at(30))
        #expect(session.accept(sid: "early") == [])
        #expect(
            session.receive(message(#"0{"token":"abc"}"#)) == [.connectRequested(namespace: "/", auth: token)]
        )
        #expect(session.refuse(message: "não") == [frame(#"44{"message":"não"}"#)])
        #expect(session.refuse(message: "não") == [] && session.deadline == at(30))
        #expect(session.receive(message("0")) == [.connectRequested(namespace: "/", auth: nil)])
        #expect(
            session.refuse(message: "x", leavesFirst: true) == [frame("41"), frame(#"44{"message":"x"}"#)])
        #expect(session.receive(message("0{}")) == [.connectRequested(namespace: "/", auth: [:])])
        #expect(session.accept(sid: "s") == [frame(#"40{"sid":"s"}"#)])
        #expect(session.accept(sid: "s") == [] && session.refuse(message: "late") == [])
        #expect(session.isConnected() && session.deadline == nil)
    }

    @Test func `a client that leaves while it is looked at is not let in`() {
        var session = server()
        _ = session.receive(message("0"))
        #expect(session.receive(message("1")) == [.disconnected(namespace: "/")])
        #expect(session.accept(sid: "s") == [] && session.refuse(message: "x") == [])
    }

    @Test func `a client that never connects is sent away`() {
        var session = server()
        _ = session.receive(message("0"))
        #expect(session.tick(now: at(29)) == [])
        #expect(session.tick(now: at(30)) == [.fail(.connectTimeout)])
        #expect(
            session.accept(sid: "s") == [] && session.receive(message("0")) == [] && session.deadline == nil)
        session = connectedServer()
        #expect(session.tick(now: at(99)) == [])
        session = SocketSession(role: .server(namespaces: ["/"], connectTimeout: nil))
        session.start(now: at(0))
        #expect(session.deadline == nil)
    }

    @Test func `only known namespaces connect`() {
        var session = server(.strict, namespaces: ["/", "/custom"])
        #expect(
            session.receive(message("0/random,")) == [frame(#"44/random,{"message":"Invalid namespace"}"#)])
        #expect(
            session.receive(message("0/custom,{}")) == [.connectRequested(namespace: "/custom", auth: [:])])
        #expect(session.accept("/custom", sid: "c") == [frame(#"40/custom,{"sid":"c"}"#)])
        #expect(session.isConnected("/custom") && !session.isConnected())
        #expect(
            session.receive(message(#"2/custom,1["a"]"#)) == [event(#"["a"]"#, id: 1, namespace: "/custom")])
        #expect(
            session.acknowledge(1, payload: bytes("[2]"), namespace: "/custom") == [frame("43/custom,1[2]")])
        #expect(session.send(event: bytes(#"["b"]"#), namespace: "/custom") == [frame(#"42/custom,["b"]"#)])
        #expect(session.send(event: bytes(#"["b"]"#)) == [])
        #expect(session.receive(message("1/custom,")) == [.disconnected(namespace: "/custom")])
        var recorded = server()
        #expect(recorded.receive(message("0/foo,{}")) == [frame(#"44/foo,"Unable to connect""#)])
    }

    @Test func `connecting twice`() {
        var session = connectedServer()
        #expect(session.receive(message("0{}")) == [frame(#"44"Unable to connect""#)])
        #expect(session.isConnected())
        session = connectedServer(.strict)
        #expect(session.receive(message("0{}")) == [.fail(.unexpectedPacket(.connect, namespace: "/"))])
    }

    @Test(
        arguments: [
            (#"0"abc""#, .unexpectedPayload(.connect)), (#"0["abc"]"#, .unexpectedPayload(.connect)),
            ("0{", .payload(.unexpectedEnd(offset: 1))),
        ] as [(String, SocketError)])
    func `auth is an object`(packet: String, error: SocketError) {
        var session = server()
        #expect(session.receive(message(packet)) == [])
        #expect(session.receive(message("0")) == [.connectRequested(namespace: "/", auth: nil)])
        session = server(.strict)
        #expect(session.receive(message(packet)) == [.fail(error)])
        #expect(session.receive(message("0")) == [])
    }

    // MARK: - Events

    @Test func `events go both ways`() {
        for var session in [connectedClient(), connectedServer()] {
            #expect(session.receive(message(#"2["a",{"x":[1]}]"#)) == [event(#"["a",{"x":[1]}]"#)])
            #expect(session.receive(message(#"217["a"]"#)) == [event(#"["a"]"#, id: 17)])
            #expect(session.acknowledge(17) == [frame("4317[]")])
            #expect(session.send(event: bytes(#"["b"]"#)) == [frame(#"42["b"]"#)])
            let packet = ServerEvent.userOffline(UserID(3)).packet()
            #expect(session.send(packet) == [.transmit(.text(packet.bytes))])
            #expect(session.disconnect() == [frame("41")])
            #expect(session.send(packet) == [] && session.acknowledge(1) == [] && session.disconnect() == [])
        }
    }

    @Test func `what comes before the connect is lost or ends it`() {
        var session = server()
        #expect(session.receive(message(#"20["a"]"#)) == [])
        #expect(session.receive(message("1")) == [])
        #expect(session.receive(message("0")) == [.connectRequested(namespace: "/", auth: nil)])
        #expect(session.receive(message(#"20["a"]"#)) == [])
        session = server(.strict)
        #expect(session.receive(message(#"20["a"]"#)) == [.fail(.unexpectedPacket(.event, namespace: "/"))])
    }

    @Test(
        arguments: [
            ("", .emptyPacket), ("9", .unknownKind(0x39)), ("abc", .unknownKind(0x61)),
            ("2notjson", .unexpectedPayload(.event)), (#"2{"a":1}"#, .unexpectedPayload(.event)),
            ("2{}", .unexpectedPayload(.event)), ("2[]", .unexpectedPayload(.event)),
            ("2[5]", .unexpectedPayload(.event)), ("2", .payload(.unexpectedEnd(offset: 0))),
            (#"2abc["x"]"#, .payload(.unexpectedByte(0x61, offset: 0))),
            (#"3["x"]"#, .invalidAcknowledgementID),
            ("31{}", .unexpectedPayload(.acknowledgement)),
            (#"2/y,["a"]"#, .unexpectedPacket(.event, namespace: "/y")),
            ("1/y,", .unexpectedPacket(.disconnect, namespace: "/y")),
            (#"2["newListener"]"#, .reservedEvent("newListener")),
            (#"2["\u0064isconnecting"]"#, .reservedEvent("disconnecting")),
        ] as [(String, SocketError)])
    func `nonsense is passed over or ends it`(packet: String, error: SocketError) {
        for makeSession in [connectedClient, connectedServer] {
            var session = makeSession(.recorded)
            #expect(session.receive(message(packet)) == [])
            #expect(session.receive(message(#"29["a"]"#)) == [event(#"["a"]"#, id: 9)])
            session = makeSession(.strict)
            #expect(session.receive(message(packet)) == [.fail(error)])
            #expect(
                session.receive(message(#"29["a"]"#)) == [] && session.send(event: bytes(#"["b"]"#)) == [])
        }
    }

    /// The real server takes these names for its own calls; a client that sends them loses its connection.
    @Test func `a client that names the protocol's own events is out`() {
        var session = connectedServer()
        #expect(
            session.receive(message(#"2["connect",{}]"#)) == [frame("41"), .disconnected(namespace: "/")])
        #expect(session.receive(message(#"29["a"]"#)) == [])
        session = connectedServer()
        #expect(session.receive(message(#"2["disconnect"]"#)) == [.disconnected(namespace: "/")])
        session = connectedServer(.strict)
        #expect(session.receive(message(#"2["connect"]"#)) == [.fail(.reservedEvent("connect"))])
        session = connectedClient()
        #expect(session.receive(message(#"2["connect"]"#)) == [] && session.isConnected())
    }

    // MARK: - Acknowledgements

    @Test func `an acknowledgement comes or times out`() throws {
        var session = connectedClient()
        let send = ClientEvent.sendMessage(to: UserID(1), content: "x", tempID: TempID("t"))
        let firstSend = session.send(send, acknowledgedWithin: .seconds(5), now: at(0))
        let first = try #require(firstSend)
        let secondSend = session.send(
            .messageRead(from: UserID(1)), acknowledgedWithin: .seconds(9), now: at(1))
        let second = try #require(secondSend)
        #expect(
            first.actions == [frame(#"420["send_message",{"receiver_id":1,"content":"x","temp_id":"t"}]"#)])
        #expect(second.actions == [frame(#"421["message_read",{"sender_id":1}]"#)])
        #expect(session.deadline == at(5))
        #expect(
            session.receive(message(#"31["ok"]"#)) == [
                .acknowledged(namespace: "/", id: 1, payload: bytes(#"["ok"]"#), attachments: [])
            ])
        #expect(session.receive(message("31[]")) == [])
        #expect(session.receive(message("37[]")) == [])
        #expect(session.tick(now: at(5)) == [.acknowledgementTimedOut(namespace: "/", id: 0)])
        #expect(session.receive(message("30[]")) == [] && session.deadline == nil)
    }

    @Test func `what is awaited when the session ends times out`() {
        var session = connectedClient()
        _ = session.send(.typingStop(UserID(1)), acknowledgedWithin: .seconds(5), now: at(0))
        _ = session.send(.typingStop(UserID(1)), acknowledgedWithin: .seconds(5), now: at(0))
        #expect(
            session.engineClosed() == [
                .acknowledgementTimedOut(namespace: "/", id: 0),
                .acknowledgementTimedOut(namespace: "/", id: 1),
                .disconnected(namespace: "/"),
            ])
        #expect(session.engineClosed() == [] && session.deadline == nil)
        #expect(session.send(.typingStop(UserID(1)), acknowledgedWithin: .seconds(5), now: at(0)) == nil)
        #expect(session.connect(auth: nil, timeout: .seconds(1), now: at(0)) == [])
    }

    // MARK: - Attachments

    @Test func `attachments are gathered`() {
        let payload = #"["a",{"_placeholder":true,"num":1},[{"_placeholder":true,"num":0}]]"#
        for var session in [connectedClient(.strict), connectedServer(.strict)] {
            #expect(session.receive(message("52-8" + payload)) == [])
            #expect(session.receive(.binary([1])) == [])
            #expect(session.receive(.binary([])) == [event(payload, id: 8, attachments: [[1], []])])
            #expect(session.receive(message(#"50-["a"]"#)) == [event(#"["a"]"#)])
            #expect(
                session.send(event: bytes(payload), attachments: [[7], [8]])
                    == [frame("452-" + payload), .transmit(.binary([7])), .transmit(.binary([8]))])
            #expect(
                session.acknowledge(
                    8, payload: bytes(#"[{"_placeholder":true,"num":0}]"#), attachments: [[9]])
                    == [frame(#"461-8[{"_placeholder":true,"num":0}]"#), .transmit(.binary([9]))])
        }
    }

    @Test func `an acknowledgement has attachments too`() {
        var session = connectedClient(.strict)
        _ = session.send(.typingStop(UserID(1)), acknowledgedWithin: .seconds(5), now: at(0))
        #expect(session.receive(message(#"61-0[{"_placeholder":true,"num":0}]"#)) == [])
        #expect(
            session.receive(.binary([1])) == [
                .acknowledged(
                    namespace: "/", id: 0, payload: bytes(#"[{"_placeholder":true,"num":0}]"#),
                    attachments: [[1]])
            ])
    }

    @Test func `attachments that do not fit are passed over or end it`() {
        func play(_ steps: [EngineMessage], _ policy: WirePolicy) -> [SocketSession.Action] {
            var session = connectedServer(policy)
            return steps.flatMap { session.receive($0) }
        }
        let placeholder = #"{"_placeholder":true,"num":0}"#
        let cases: [([EngineMessage], SocketError)] = [
            ([.binary([1])], .unexpectedAttachment),
            ([message("51-[\"a\",\(placeholder)]"), message(#"2["b"]"#)], .missingAttachments(1)),
            ([message(#"51-["a",{"_placeholder":true,"num":1}]"#), .binary([1])], .invalidPlaceholder),
            ([message(#"51-["a",{"_placeholder":true,"num":-1}]"#), .binary([1])], .invalidPlaceholder),
            ([message(#"51-["a",{"_placeholder":true}]"#), .binary([1])], .invalidPlaceholder),
            ([message("50-[\"a\",\(placeholder)]")], .invalidPlaceholder),
            (
                [message("52-[\"a\"]"), .binary([UInt8](repeating: 0, count: 4 << 20)[...]), .binary([1])],
                .attachmentsTooBig(limit: 4 << 20)
            ),
        ]
        for (steps, error) in cases {
            #expect(play(steps, .strict) == [.fail(error)])
            #expect(play(steps + [message(#"2["c"]"#)], .recorded).last == event(#"["c"]"#), "\(error)")
        }
        // The incomplete packet is forgotten, and the next one is handled.
        let forgotten = SocketEvent(payload: bytes("[\"a\",\(placeholder)]"), isReadable: false)
        #expect(play(cases[1].0, .recorded) == [.event(forgotten), event(#"["b"]"#)])
    }

    /// A broken payload is reported, so the server must receive the event.
    @Test(
        arguments: [
            #"["a",notjson]"#, #"["a"]x"#, #"["a""#, #"["a",{"x":"cut \ud83d"}]"#,
            "[\"a\",{\"x\":\"\u{1}\"}]",
            #"["a",{"x":01}]"#, #"["a",{"x":1,}]"#, #"["a",{}"#,
            "[\"a\"," + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "]",
        ])
    func `a server hears of events of which only the name can be read`(payload: String) {
        var session = connectedServer(.recorded)
        let unreadable = SocketSession.Action.event(
            SocketEvent(payload: bytes(payload), acknowledgementID: 7, isReadable: false))
        #expect(session.receive(message("27" + payload)) == [unreadable])
        #expect(session.receive(message("50-7" + payload)) == [unreadable])
        #expect(session.receive(message("599-7" + payload)) == [unreadable])
        var client = connectedClient(.recorded)
        #expect(client.receive(message("27" + payload)) == [])
    }

    /// Recorded: values that are false in Python count as no credentials, and are refused as such.
    @Test(arguments: ["", "null", "[]", "{}", "\"\"", "false"])
    func `a connect without credentials is one`(auth: String) {
        var session = server()
        #expect(
            session.receive(message("0" + auth)) == [
                .connectRequested(namespace: "/", auth: auth == "{}" ? .object([:]) : nil)
            ])
    }

    /// Found by fuzzing: pending items were reported after the failure, which must be last.
    @Test func `nothing becomes due after a failure`() {
        var session = SocketSession(role: .client, policy: .strict)
        session.start(now: at(0))
        _ = session.connect(auth: nil, timeout: .seconds(5), now: at(0))
        #expect(session.receive(message("9")) == [.fail(.unknownKind(UInt8(ascii: "9")))])
        #expect(session.deadline == nil)
        #expect(session.tick(now: at(60)) == [])
    }
}
