import Testing

@testable import ChatWire

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }
}

@Suite struct EventTests {
    private static let time = Timestamp(microseconds: 1_795_333_752_064_975)
    private static let message = Message(
        id: MessageID(11), senderID: UserID(15), receiverID: UserID(16), content: "Olá 😀 \"<b>\"",
        isRead: false,
        createdAt: time, senderName: "Ana", tempID: TempID("t1"))
    private static let messageText =
        #"{"id":11,"sender_id":15,"receiver_id":16,"content":"Olá 😀 \"<b>\"","is_read":false,"#
        + #""created_at":"2026-11-22T07:49:12.064975","sender_name":"Ana","temp_id":"t1"}"#

    @Test(
        arguments: [
            (.joinConversation(UserID(16)), #"["join_conversation",{"contact_user_id":16}]"#),
            (.leaveConversation(UserID(16)), #"["leave_conversation",{"contact_user_id":16}]"#),
            (
                .sendMessage(to: UserID(16), content: " a\n\"b\" ", tempID: TempID("t")),
                #"["send_message",{"receiver_id":16,"content":" a\n\"b\" ","temp_id":"t"}]"#
            ),
            (
                .sendMessage(to: UserID(16), content: "", tempID: nil),
                #"["send_message",{"receiver_id":16,"content":"","temp_id":null}]"#
            ),
            (.typingStart(UserID(16)), #"["typing_start",{"contact_user_id":16}]"#),
            (.typingStop(UserID(16)), #"["typing_stop",{"contact_user_id":16}]"#),
            (.messageRead(from: UserID(15)), #"["message_read",{"sender_id":15}]"#),
            (
                .messageRead(from: UserID(15), upTo: MessageID(7)),
                #"["message_read",{"sender_id":15,"up_to_id":7}]"#
            ),
            (
                .messageDelivered(MessageID(7), from: UserID(15)),
                #"["message_delivered",{"message_id":7,"sender_id":15}]"#
            ),
        ] as [(ClientEvent, String)])
    func `client events are written and read`(event: ClientEvent, text: String) throws {
        #expect(event.packet().bytes.text == "42" + text)
        #expect(event.packet(acknowledgementID: 105).bytes.text == "42105" + text)
        #expect(try ClientEvent.decode(Array(text.utf8)[...]) == event)
        let name = try #require(event.kind).name
        #expect(text.hasPrefix("[\"\(name)\","))
    }

    @Test(
        arguments: [
            (
                .messageSending(tempID: TempID("t")),
                #"["message_sending",{"temp_id":"t","status":"processing"}]"#
            ),
            (.messageSending(tempID: nil), #"["message_sending",{"temp_id":null,"status":"processing"}]"#),
            (
                .messageConfirmed(tempID: TempID("t1"), message),
                #"["message_confirmed",{"temp_id":"t1","message":"# + messageText + "}]"
            ),
            (
                .messageError(tempID: TempID("t"), reason: "não"),
                #"["message_error",{"temp_id":"t","message":"não"}]"#
            ),
            (.error("Dados inválidos"), #"["error",{"message":"Dados inválidos"}]"#),
            (.newMessage(message), #"["new_message","# + messageText + "]"),
            (
                .messageNotification(message, from: Person(id: UserID(15), name: "Ana")),
                #"["message_notification",{"message":"# + messageText
                    + #","from_user":{"id":15,"name":"Ana"}}]"#
            ),
            (
                .userOnline(Person(id: UserID(15), name: "Ana")),
                #"["user_online",{"user_id":15,"name":"Ana"}]"#
            ),
            (.userOffline(UserID(15)), #"["user_offline",{"user_id":15}]"#),
            (
                .userTyping(Person(id: UserID(15), name: "Ana")),
                #"["user_typing",{"user_id":15,"name":"Ana"}]"#
            ),
            (.userStoppedTyping(UserID(15)), #"["user_stopped_typing",{"user_id":15}]"#),
            (
                .messagesRead(by: UserID(16), readerID: nil, senderID: nil, upToID: nil),
                #"["messages_read",{"by_user_id":16}]"#
            ),
            (
                .messagesRead(
                    by: UserID(16), readerID: UserID(16), senderID: UserID(15), upToID: MessageID(11)),
                #"["messages_read",{"by_user_id":16,"reader_id":16,"sender_id":15,"up_to_id":11}]"#
            ),
            (
                .messageStatusUpdate(MessageID(11), .delivered),
                #"["message_status_update",{"message_id":11,"status":"delivered"}]"#
            ),
            (
                .messageDeleted(MessageID(11), by: UserID(15), contact: UserID(16)),
                #"["message_deleted",{"message_id":11,"by_user_id":15,"contact_user_id":16}]"#
            ),
            (
                .conversationDeleted(by: UserID(15), contact: UserID(16)),
                #"["conversation_deleted",{"by_user_id":15,"contact_user_id":16}]"#
            ),
        ] as [(ServerEvent, String)])
    func `server events are written and read`(event: ServerEvent, text: String) throws {
        #expect(event.packet().bytes.text == "42" + text)
        #expect(try ServerEvent.decode(Array(text.utf8)[...]) == event)
        let name = try #require(event.kind()).name
        #expect(text.hasPrefix("[\"\(name)\","))
    }

    @Test func `a confirmation has two names`() throws {
        let event = ServerEvent.messageConfirmed(tempID: TempID("t1"), Self.message)
        let packet = event.packet(as: .messageSent)
        #expect(
            packet.bytes.text == #"42["message_sent",{"temp_id":"t1","message":"# + Self.messageText + "}]")
        #expect(try ServerEvent.decode(packet.bytes.dropFirst(2)) == event)
        #expect(
            ServerEvent.userOffline(UserID(1)).packet(as: .messageSent)
                == ServerEvent.userOffline(UserID(1)).packet())
    }

    /// Everything that a message can carry, in every form.
    @Test(arguments: [WireForm.object, .event, .list])
    func `a full message is written and read by both readers`(form: WireForm) throws {
        var message = Self.message
        message.createdAt = Timestamp(seconds: 1_795_333_752)
        (message.receiverName, message.isRead, message.status) = ("Bia", true, .read)
        (message.deliveredAt, message.readAt) = (message.createdAt, Timestamp(seconds: 1_795_333_799))
        var writer = JSONWriter()
        message.write(to: &writer, as: form)
        #expect(try Message(json: JSONValue(parsing: writer.bytes)) == message)
        let read = try JSONReader.read(writer.bytes[...]) { reader throws(JSONError) in
            try reader.object(Message.Parts.self)
        }
        #expect(read == message)
        let marks =
            form == .list
            ? #""is_read":1,"created_at":"Sun, 22 Nov 2026 07:49:12 GMT""#
            : #""is_read":true,"created_at":"2026-11-22T07:49:12""#
        #expect(writer.bytes.text.contains(marks))
    }

    @Test func `only the event form has members that are null`() {
        var message = Self.message
        (message.senderName, message.tempID) = (nil, nil)
        func text(_ form: WireForm) -> String {
            var writer = JSONWriter()
            message.write(to: &writer, as: form)
            return writer.bytes.text
        }
        #expect(text(.event).hasSuffix(#","sender_name":null,"temp_id":null}"#))
        #expect(text(.object).hasSuffix(#"064975"}"#))
        #expect(text(.list).hasSuffix(#"GMT"}"#))
    }

    @Test(arguments: [
        (
            #"["new_message",{"id":"11","sender_id":15.0,"receiver_id":16,"content":"x","#
                + #""is_read":1,"created_at":"2026-11-22T07:49:12"}]"#,
            "new_message"
        ),
        (
            #"["new_message",{"ID":0,"id":11,"sender_id":15,"receiver_id":16,"content":"y","#
                + #""content":"x","is_read":true,"created_at":"Sun, 22 Nov 2026 07:49:12 GMT","#
                + #""temp_id":{"a":1},"status":"unheard","x":[{}]}]"#,
            "new_message"
        ),
        (
            #" [ "new_message" , {"id":11,"sender_id":15,"receiver_id":16,"content":"\u0078","#
                + #""is_read":true,"created_at":"2026-11-22T07:49:12","sender_name":null} , 5 ] "#,
            "new_message"
        ),
    ])
    func `messages are read leniently`(text: String, name: String) throws {
        let message = Message(
            id: MessageID(11), senderID: UserID(15), receiverID: UserID(16), content: "x", isRead: true,
            createdAt: Timestamp(seconds: 1_795_333_752))
        #expect(try ServerEvent.decode(Array(text.utf8)[...]) == .newMessage(message))
    }

    @Test(
        arguments: [
            (#"["new_message"]"#, .malformed(name: "new_message")),
            (#"["new_message",null]"#, .malformed(name: "new_message")),
            (#"["new_message",{"id":1}]"#, .malformed(name: "new_message")),
            (#"["message_confirmed",[]]"#, .malformed(name: "message_confirmed")),
            (#"["message_sent",{"temp_id":"t"}]"#, .malformed(name: "message_sent")),
            (#"["message_notification",{}]"#, .malformed(name: "message_notification")),
            (#"["messages_read",{"by_user_id":null}]"#, .malformed(name: "messages_read")),
            (
                #"["message_status_update",{"message_id":"abc","status":"delivered"}]"#,
                .malformed(name: "message_status_update")
            ),
            (
                #"["message_status_update",{"message_id":1,"status":"eaten"}]"#,
                .malformed(name: "message_status_update")
            ),
            (#"["message_sending","x"]"#, .malformed(name: "message_sending")),
            (#"["user_offline",{"user_id":1.5}]"#, .malformed(name: "user_offline")),
            ("[]", .notAnEvent(.typeMismatch(offset: 2))),
            ("[5]", .notAnEvent(.typeMismatch(offset: 1))),
            ("{}", .notAnEvent(.typeMismatch(offset: 0))),
            (#"["new_message",{}"#, .notAnEvent(.unexpectedEnd(offset: 17))),
            (#"["x"]]"#, .notAnEvent(.trailingBytes(offset: 5))),
        ] as [(String, EventError)])
    func `what is no event of the server is refused`(text: String, error: EventError) {
        #expect(throws: error) { try ServerEvent.decode(Array(text.utf8)[...]) }
    }

    @Test(arguments: [
        (#"["send_message"]"#, "send_message"),
        (#"["send_message",null]"#, "send_message"),
        (#"["send_message","oi"]"#, "send_message"),
        (#"["send_message",{}]"#, "send_message"),
        (#"["send_message",{"receiver_id":16}]"#, "send_message"),
        (#"["send_message",{"content":"x","temp_id":"t"}]"#, "send_message"),
        (#"["send_message",{"receiver_id":[1],"content":"x"}]"#, "send_message"),
        (#"["send_message",{"receiver_id":16.5,"content":"x"}]"#, "send_message"),
        (#"["send_message",{"receiver_id":16,"content":5}]"#, "send_message"),
        (
            #"["send_message",{"receiver_id":16,"content":"x"},{"receiver_id":16,"content":"y"}]"#,
            "send_message"
        ),
        (#"["join_conversation"]"#, "join_conversation"),
        (#"["join_conversation",null]"#, "join_conversation"),
        (#"["join_conversation",{}]"#, "join_conversation"),
        (#"["message_delivered",{"message_id":7}]"#, "message_delivered"),
        (#"["message_delivered",{"message_id":"abc","sender_id":16}]"#, "message_delivered"),
    ])
    func `what a client may not send is malformed`(text: String, name: String) {
        #expect(throws: EventError.malformed(name: name)) { try ClientEvent.decode(Array(text.utf8)[...]) }
    }

    @Test func `other events are told by their names`() throws {
        #expect(try ServerEvent.decode(Array(#"["nope",{"x":1}]"#.utf8)[...]) == .unknown(name: "nope"))
        #expect(try ServerEvent.decode(Array(#"["nope"]"#.utf8)[...]) == .unknown(name: "nope"))
        #expect(
            try ClientEvent.decode(Array(#"["new_message",{}]"#.utf8)[...]) == .unknown(name: "new_message"))
    }

    @Test func `a name that is no string is given back as it came`() throws {
        let payload = Array(#"["send_message",{"receiver_id":"16","content":"x","temp_id":{"a":1}}]"#.utf8)
        #expect(
            try ClientEvent.decode(payload[...]) == .sendMessage(to: UserID(16), content: "x", tempID: nil))
        let echo = try #require(ClientEvent.echo(in: payload[...]))
        let sending = ServerEvent.messageSending(tempID: nil).packet(echoing: echo)
        #expect(sending.bytes.text == #"42["message_sending",{"temp_id":{"a":1},"status":"processing"}]"#)
        var message = Self.message
        message.tempID = nil
        let confirmed = ServerEvent.messageConfirmed(tempID: nil, message).packet(echoing: echo)
        let json = try JSONValue(parsing: confirmed.bytes.dropFirst(2))
        #expect(json[1]?["temp_id"] == ["a": 1] && json[1]?["message"]?["temp_id"] == ["a": 1])
        #expect(ClientEvent.echo(in: Array(#"["send_message",{}]"#.utf8)[...]) == nil)
        #expect(ClientEvent.echo(in: Array("[".utf8)[...]) == nil)
    }

    @Test(
        arguments: [
            (.handled, "435[]"),
            (.accepted(message), #"435[{"success":true,"message":"# + messageText + "}]"),
            (
                .refused(reason: "não", tempID: TempID("t")),
                #"435[{"success":false,"message":"não","temp_id":"t"}]"#
            ),
            (
                .refused(reason: "não", tempID: nil, retryAfter: 7),
                #"435[{"success":false,"message":"não","temp_id":null,"retry_after":7}]"#
            ),
        ] as [(SendAcknowledgement, String)])
    func `acknowledgements are written and read`(acknowledgement: SendAcknowledgement, text: String) throws {
        #expect(acknowledgement.packet(acknowledgementID: 5).bytes.text == text)
        #expect(try SendAcknowledgement.decode(Array(text.utf8)[3...]) == acknowledgement)
    }

    @Test func `an acknowledgement that says nothing else is handled`() throws {
        for text in ["[null]", "[true]", #"["ok",1]"#, #"[{"success":true}]"#, #"[{"success":"x"}]"#] {
            #expect(try SendAcknowledgement.decode(Array(text.utf8)[...]) == .handled)
        }
        #expect(throws: JSONError.self) { try SendAcknowledgement.decode(Array("{}".utf8)[...]) }
        #expect(throws: JSONError.self) { try SendAcknowledgement.decode([]) }
    }

    /// Packets that are assembled from parts equal the encoded events.
    @Test(arguments: [nil, 5, ["a": "\"", "b": nil], "x"] as [JSONValue?], [TempID("t\"1"), nil])
    func `a message's packets are those of its events`(echo: JSONValue?, tempID: TempID?) {
        var message = Self.message
        message.tempID = tempID
        let packets = MessagePackets(message, echoing: echo)
        let confirmed = ServerEvent.messageConfirmed(tempID: tempID, message)
        let sender = Person(id: UserID(15), name: "Ana \"A\"")
        #expect(packets.sending() == ServerEvent.messageSending(tempID: tempID).packet(echoing: echo))
        for name in [ServerEvent.Confirmation.messageConfirmed, .messageSent] {
            #expect(packets.confirmation(as: name) == confirmed.packet(as: name, echoing: echo))
        }
        #expect(packets.newMessage() == ServerEvent.newMessage(message).packet(echoing: echo))
        #expect(
            packets.notification(from: sender)
                == ServerEvent.messageNotification(message, from: sender).packet(echoing: echo))
        #expect(
            packets.acknowledgement(id: 42)
                == SendAcknowledgement.accepted(message).packet(acknowledgementID: 42, echoing: echo))
    }
}
