import ChatWire
import Testing

@testable import ChatServerLite

@Suite struct EventHandlersTests {
    private let ana = Person(id: UserID(1), name: "Ana")
    private let socket = SocketID(node: NodeID(rawValue: 1), number: 7)

    private func plan(_ payload: String, acknowledged: Bool = true) -> EventPlan {
        let asker = Asker(socket: socket, user: ana, acknowledgementID: acknowledged ? 5 : nil)
        return EventHandlers.plan(Array(payload.utf8)[...], from: asker)
    }

    /// The packets of a plan, as text.
    private func packets(_ plan: EventPlan) -> [String] {
        guard case .announce(let announcements) = plan else { return ["a write"] }
        return announcements.flatMap { announcement in
            switch announcement {
            case .event(let event, _, let echo): return [text(event.packet(echoing: echo))]
            case .message(let delivery):
                var texts: [String] = []
                delivery.forEachPacket { _, packet in texts.append(text(packet())) }
                return texts
            case .acknowledgement(let answer, let id, _, let echo):
                return [text(answer.packet(acknowledgementID: id, echoing: echo))]
            default: return []
            }
        }
    }

    private func text(_ packet: EncodedPacket) -> String { String(decoding: packet.bytes, as: UTF8.self) }

    private let invalid = #"42["error",{"message":"Dados inválidos"}]"#

    @Test(arguments: [
        "{}", #"{"content":"x"}"#, #"{"receiver_id":2}"#, #"{"receiver_id":2,"content":""}"#,
        #"{"receiver_id":0,"content":"x"}"#,
    ])
    func aSendWithoutReceiverOrContentIsAnError(payload: String) {
        #expect(
            packets(plan(#"["send_message",\#(payload)]"#)) == [
                invalid, #"435[{"success":false,"message":"Dados inválidos","temp_id":null}]"#,
            ])
    }

    @Test(arguments: [
        #"["send_message"]"#, #"["send_message",null]"#, #"["send_message","oi"]"#, #"["send_message",[1]]"#,
        #"["send_message",{"receiver_id":2,"content":"x"},{"receiver_id":2,"content":"y"}]"#,
    ])
    func aSendMustBeASingleObject(payload: String) {
        #expect(packets(plan(payload)).first == invalid)
        #expect(packets(plan(payload)).count == 2)
    }

    @Test(arguments: [
        #"{"receiver_id":2,"content":5,"temp_id":"t"}"#, #"{"receiver_id":[1],"content":"x","temp_id":"t"}"#,
    ])
    func aWrongTypeIsFoundAfterTheStart(payload: String) {
        #expect(
            packets(plan(#"["send_message",\#(payload)]"#)) == [
                #"42["message_sending",{"temp_id":"t","status":"processing"}]"#, invalid,
                #"435[{"success":false,"message":"Dados inválidos","temp_id":"t"}]"#,
            ])
    }

    @Test(arguments: [
        (#"{"receiver_id":2,"content":"  ","temp_id":"t"}"#, "A mensagem não pode estar vazia"),
        (#"{"receiver_id":1,"content":"eu","temp_id":"t"}"#, "Você não pode enviar mensagem para si mesmo"),
        (#"{"receiver_id":"abc","content":"x","temp_id":"t"}"#, "Destinatário não encontrado"),
    ])
    func aRefusedSendGivesTheReason(payload: String, reason: String) {
        #expect(
            packets(plan(#"["send_message",\#(payload)]"#)) == [
                #"42["message_sending",{"temp_id":"t","status":"processing"}]"#,
                #"42["message_error",{"temp_id":"t","message":"\#(reason)"}]"#,
                #"435[{"success":false,"message":"\#(reason)","temp_id":"t"}]"#,
            ])
    }

    @Test(
        arguments: [
            (#"{"receiver_id":2,"content":" oi "}"#, nil, nil),
            (#"{"receiver_id":"2","content":"oi","temp_id":"t"}"#, "t", nil),
            (#"{"receiver_id":2.0,"content":"oi","temp_id":null}"#, nil, JSONValue.null),
            (#"{"receiver_id":2,"content":"oi","temp_id":{"a":1}}"#, nil, ["a": 1]),
            (#"{"receiver_id":2,"content":"oi","temp_id":17}"#, nil, 17),
        ] as [(String, String?, JSONValue?)])
    func aGoodSendIsWritten(payload: String, tempID: String?, echo: JSONValue?) {
        guard case .send(let command, let named, let echoed) = plan(#"["send_message",\#(payload)]"#) else {
            Issue.record("no write")
            return
        }
        #expect(command.receiver == UserID(2))
        #expect(command.content == "oi")
        #expect(named?.rawValue == tempID)
        #expect(echoed == echo)
    }

    private static let conversationEvents = [
        "join_conversation", "leave_conversation", "typing_start", "typing_stop",
    ]

    /// What an event about a conversation makes the hub do.
    @Test func conversationsAreNamedByTheContact() {
        let pair = UserPair(ana.id, UserID(2))
        let expected: [Announcement] = [
            .joined(pair, socket), .left(pair, socket), .typing(true, in: pair, by: ana),
            .typing(false, in: pair, by: ana),
        ]
        for (name, announcement) in zip(Self.conversationEvents, expected) {
            for payload in [#"{"contact_user_id":2}"#, #"{"contact_user_id":"2","more":1}"#] {
                guard case .announce(let announcements) = plan(#"["\#(name)",\#(payload)]"#) else {
                    Issue.record("\(name) is a write")
                    continue
                }
                #expect(announcements.count == 2)
                #expect(announcements.first.map { "\($0)" } == "\(announcement)", "\(name)")
                #expect(packets(.announce(announcements)) == ["435[]"])
            }
        }
    }

    /// A missing contact is no error, as recorded. Anything that is no contact is one.
    @Test(arguments: conversationEvents)
    func conversationsWithoutAContactAreLeftAlone(name: String) {
        for payload in [
            "{}", #"{"contact_user_id":0}"#, #"{"contact_user_id":null}"#, #"{"contact_user_id":[]}"#,
            #"{"contact_user_id":""}"#, #"{"contact_user_id":false}"#,
        ] {
            #expect(packets(plan(#"["\#(name)",\#(payload)]"#)) == ["435[]"], "\(payload)")
        }
        for payload in [
            "null", "[]", "5", #"{"contact_user_id":"x"}"#, #"{"contact_user_id":[1]}"#,
            #"{"contact_user_id":{"a":1}}"#, #"{"contact_user_id":1.5}"#,
        ] {
            #expect(packets(plan(#"["\#(name)",\#(payload)]"#)) == [invalid, "435[]"], "\(payload)")
        }
        #expect(packets(plan(#"["\#(name)"]"#)) == [invalid, "435[]"])
    }

    @Test(arguments: [
        (#"["message_read",{}]"#, ["435[]"]), (#"["message_delivered",{"message_id":7}]"#, ["435[]"]),
        (#"["message_delivered",{"sender_id":2}]"#, ["435[]"]), (#"["nope",{"x":1}]"#, []),
        (#"["message","x"]"#, []),
    ])
    func anEventWithoutItsFieldsDoesNothing(payload: String, expected: [String]) {
        #expect(packets(plan(payload)) == expected)
    }

    @Test(arguments: [
        #"["message_read"]"#, #"["message_read",null]"#,
        #"["message_delivered",{"message_id":"abc","sender_id":2}]"#,
    ])
    func anInvalidEventGetsAnErrorAndAnAcknowledgement(payload: String) {
        #expect(packets(plan(payload)) == [invalid, "435[]"])
    }

    @Test func readingAndDeliveryAreWritten() {
        guard case .markRead(let read) = plan(#"["message_read",{"sender_id":"2"}]"#) else {
            Issue.record("no write")
            return
        }
        #expect(read.reader == UserID(1))
        #expect(read.sender == UserID(2))
        #expect(read.upTo == nil)
        let bounded = plan(#"["message_read",{"sender_id":2,"up_to_id":7}]"#)
        guard case .markRead(let read) = bounded else {
            Issue.record("no write")
            return
        }
        #expect(read.upTo == MessageID(7))
        guard
            case .markDelivered(let delivered) = plan(
                #"["message_delivered",{"message_id":7,"sender_id":2}]"#)
        else {
            Issue.record("no write")
            return
        }
        #expect(delivered.message == MessageID(7))
        #expect(delivered.receiver == UserID(1))
    }

    @Test func anEventWithoutAnIDIsNotAcknowledged() {
        #expect(packets(plan(#"["send_message",{}]"#, acknowledged: false)) == [invalid])
    }

    // MARK: After the commit

    private func sent(isReplay: Bool = false) throws -> (SendMessage, SendMessage.Outcome) {
        let command = try SendMessage(from: ana, to: UserID(2), content: "oi", tempID: TempID("t"))
        let message = Message(
            id: MessageID(9), senderID: ana.id, receiverID: UserID(2), content: "oi", isRead: false,
            createdAt: Timestamp(microseconds: 1_795_333_739_000_001), senderName: "Ana", receiverName: "Bia",
            tempID: TempID("t"), status: .sent)
        return (command, SendMessage.Outcome(message: message, isReplay: isReplay))
    }

    @Test func aSendIsAnsweredInTheRecordedOrder() throws {
        let (command, outcome) = try sent()
        let asker = Asker(socket: socket, user: ana, acknowledgementID: 5)
        let announcements = command.announcements(of: .success(outcome), to: asker, named: TempID("t"))
        let message =
            #"{"id":9,"sender_id":1,"receiver_id":2,"content":"oi","is_read":false,"#
            + #""created_at":"2026-11-22T07:48:59.000001","sender_name":"Ana","temp_id":"t"}"#
        #expect(
            packets(.announce(announcements)) == [
                #"42["message_sending",{"temp_id":"t","status":"processing"}]"#,
                #"42["message_confirmed",{"temp_id":"t","message":\#(message)}]"#,
                #"42["message_sent",{"temp_id":"t","message":\#(message)}]"#,
                #"42["new_message",\#(message)]"#,
                #"42["message_notification",{"message":\#(message),"from_user":{"id":1,"name":"Ana"}}]"#,
                #"435[{"success":true,"message":\#(message)}]"#,
            ])
    }

    @Test func onlyTheSenderHearsOfAReplay() throws {
        let (command, outcome) = try sent(isReplay: true)
        let asker = Asker(socket: socket, user: ana, acknowledgementID: 5)
        let announcements = command.announcements(of: .success(outcome), to: asker, named: TempID("t"))
        let names = packets(.announce(announcements)).map { String($0.prefix { $0 != "{" }) }
        #expect(
            names == [#"42["message_sending","#, #"42["message_confirmed","#, #"42["message_sent","#, "435["])
        #expect(command.announcements(of: outcome).isEmpty)
    }

    @Test func aDatabaseFailureIsReported() throws {
        let (command, _) = try sent()
        let asker = Asker(socket: socket, user: ana, acknowledgementID: 5)
        let announcements = command.announcements(of: .failure(.overloaded), to: asker, named: TempID("t"))
        let reason = #""Servidor sobrecarregado, tente novamente""#
        #expect(
            packets(.announce(announcements)) == [
                #"42["message_sending",{"temp_id":"t","status":"processing"}]"#,
                #"42["message_error",{"temp_id":"t","message":\#(reason)}]"#,
                #"435[{"success":false,"message":\#(reason),"temp_id":"t"}]"#,
            ])
    }
}
