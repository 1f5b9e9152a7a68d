import ChatWire
import Testing

@Suite struct APICallTests {
    @Test func `calls say what to send`() {
        func line<Response>(_ call: APICall<Response>) -> String {
            "\(call.method.rawValue) \(call.path) \(call.body?.description ?? "-") \(call.needsToken)"
        }
        let user = UserID(7)
        #expect(line(API.serverInformation()) == "GET / - false")
        #expect(line(API.health()) == "GET /health - false")
        #expect(
            line(API.register(name: "A", email: "a@b", password: "x"))
                == #"POST /api/auth/register {"name":"A","email":"a@b","password":"x"} false"#)
        #expect(
            line(API.login(email: "a@b", password: "\""))
                == #"POST /api/auth/login {"email":"a@b","password":"\""} false"#)
        #expect(line(API.me()) == "GET /api/auth/me - true")
        #expect(line(API.verify()) == "GET /api/auth/verify - true")
        #expect(line(API.refresh()) == "POST /api/auth/refresh - true")
        #expect(line(API.contacts()) == "GET /api/contacts - true")
        #expect(line(API.addContact(user)) == #"POST /api/contacts/add {"contact_user_id":7} true"#)
        #expect(
            line(API.addContact(user, name: "B"))
                == #"POST /api/contacts/add {"contact_user_id":7,"contact_name":"B"} true"#)
        #expect(
            line(API.renameContact(ContactID(3), to: "C"))
                == #"PUT /api/contacts/3 {"contact_name":"C"} true"#)
        #expect(line(API.removeContact(ContactID(3))) == "DELETE /api/contacts/3 - true")
        #expect(line(API.findPeople("á b&c=%")) == "GET /api/contacts/search?q=%C3%A1%20b%26c%3D%25 - true")
        #expect(
            line(API.send(to: user, content: "oi", tempID: TempID("t")))
                == #"POST /api/messages/send {"receiver_id":7,"content":"oi","temp_id":"t"} true"#)
        #expect(
            line(API.send(to: user, content: "oi"))
                == #"POST /api/messages/send {"receiver_id":7,"content":"oi"} true"#)
        #expect(line(API.conversation(with: user)) == "GET /api/messages/conversation/7?limit=50 - true")
        #expect(
            line(
                API.conversation(
                    with: user, limit: 200, before: MessageID(9), after: MessageID(2), peek: true))
                == "GET /api/messages/conversation/7?limit=200&before_id=9&after_id=2&peek=1 - true")
        #expect(line(API.markRead(from: user)) == "PUT /api/messages/mark-read/7 - true")
        #expect(line(API.unread()) == "GET /api/messages/unread - true")
        #expect(line(API.deleteMessage(MessageID(4))) == "DELETE /api/messages/4 - true")
        #expect(line(API.deleteConversation(with: user)) == "DELETE /api/messages/conversation/7 - true")
        #expect(line(API.sync(cursor: nil)) == "GET /api/sync?limit=500 - true")
        #expect(line(API.sync(cursor: "a&b", limit: 9)) == "GET /api/sync?cursor=a%26b&limit=9 - true")
        #expect(line(API.vapidPublicKey()) == "GET /api/push/vapid-public-key - true")
        #expect(
            line(API.subscribe(endpoint: "e", publicKey: "k", secret: "s"))
                == #"POST /api/push/subscribe {"subscription":{"endpoint":"e","keys":{"p256dh":"k","#
                + #""auth":"s"}}} true"#
        )
        #expect(line(API.unsubscribe(endpoint: "e")) == #"POST /api/push/unsubscribe {"endpoint":"e"} true"#)
    }

    @Test func `printing gives no secret away`() {
        let call = API.login(email: "ana@b", password: "hush")
        #expect("\(call)" == "POST /api/auth/login")
        #expect("\(API.findPeople("ana"))" == "GET /api/contacts/search")
        let signIn = SignIn(user: User(id: UserID(3), name: "Ana", email: "ana@b"), token: "hush")
        #expect("\(signIn)" == "SignIn(user 3)")
    }

    @Test func `the envelope is written and read`() throws {
        let success = Envelope.success(message: "Usuário") { writer in
            writer.key("count")
            writer.integer(3)
        }
        #expect(
            String(decoding: success, as: UTF8.self)
                == #"{"success":true,"message":"Usuário","data":{"count":3}}"#)
        #expect(
            try Envelope(json: JSONValue(parsing: success))
                == Envelope(isSuccess: true, message: "Usuário", data: ["count": 3]))
        #expect(try API.markRead(from: UserID(1)).response(status: 200, body: success) == 3)
        #expect(
            String(decoding: Envelope.success(), as: UTF8.self) == #"{"success":true,"message":"Success"}"#)
        let failure = Envelope.failure(message: "Dados inválidos")
        #expect(throws: APIError.refused(status: 400, message: "Dados inválidos")) {
            try API.markRead(from: UserID(1)).response(status: 400, body: failure)
        }
    }

    @Test(
        arguments: [
            (200, "", .notJSON(status: 200, .unexpectedEnd(offset: 0))),
            (502, "<html>", .notJSON(status: 502, .unexpectedByte(0x3C, offset: 0))),
            (200, "[]", .unexpectedShape(missing: "envelope")),
            (200, "{}", .unexpectedShape(missing: "envelope.success")),
            (200, #"{"success":true}"#, .unexpectedShape(missing: "envelope.message")),
            (200, #"{"success":true,"message":"x"}"#, .unexpectedShape(missing: "data")),
            (200, #"{"success":"true","data":{"count":1}}"#, .unexpectedShape(missing: "envelope.success")),
            (200, #"{"success":1,"data":{"count":1}}"#, .unexpectedShape(missing: "envelope.success")),
            (200, "null", .unexpectedShape(missing: "envelope")),
            (200, #""ok""#, .unexpectedShape(missing: "envelope")),
            (200, #"{"success":true,"data":{"count":null}}"#, .unexpectedShape(missing: "data.count")),
            (200, #"{"success":false,"message":"não"}"#, .unexpectedShape(missing: "envelope.success")),
            (400, #"{"success":false,"message":"não"}"#, .refused(status: 400, message: "não")),
            (401, #"{"success":false,"message":"x"}"#, .unauthorized(message: "x")),
            (500, #"{"success":true,"data":{"count":1}}"#, .foreign(status: 500)),
            (401, #"{"message":"x"}"#, .foreign(status: 401)),
            (401, #"{"error":"portal"}"#, .foreign(status: 401)),
            (401, #"{"success":false,"message":null}"#, .foreign(status: 401)),
            (401, #"{"success":false,"message":{"text":"x"}}"#, .foreign(status: 401)),
            (401, #"{"success":0,"message":"x"}"#, .foreign(status: 401)),
            (401, #"{"success":false,"error":"x"}"#, .foreign(status: 401)),
            (403, #"{"success":false,"message":"x"}"#, .foreign(status: 403)),
            (302, #"{"success":false,"message":"x"}"#, .foreign(status: 302)),
            (404, "[]", .foreign(status: 404)),
            (404, #""no route""#, .foreign(status: 404)),
            (404, "false", .foreign(status: 404)),
            (429, "null", .foreign(status: 429)),
        ] as [(Int, String, APIError)])
    func `bad answers are told apart`(status: Int, body: String, error: APIError) {
        #expect(throws: error) {
            try API.markRead(from: UserID(1)).response(status: status, body: Array(body.utf8))
        }
    }

    @Test(arguments: ["", "{}", "null", "[]", #"{"success":true}"#, #"{"success":true,"data":null}"#, "OK"])
    func `a success that gives nothing has the server's words`(body: String) throws {
        #expect(throws: APIError.self) {
            try API.deleteMessage(MessageID(1)).response(status: 200, body: Array(body.utf8))
        }
        let sure = Envelope.success(message: "Mensagem deletada com sucesso")
        try API.deleteMessage(MessageID(1)).response(status: 200, body: sure)
    }

    @Test func `a broken element is left out alone, and named`() throws {
        func message(_ id: Int, _ date: String) -> String {
            #"{"id":\#(id),"sender_id":1,"receiver_id":2,"content":"m\#(id)","is_read":0,"created_at":\#(date)}"#
        }
        let good = #""Sun, 22 Nov 2026 07:49:12 GMT""#
        let elements = [message(5, good), message(4, "null"), "7", "null", message(1, good)]
        let text = #"{"success":true,"data":{"messages":[\#(elements.joined(separator: ","))]}}"#
        let list = try API.conversation(with: UserID(2)).response(status: 200, body: Array(text.utf8))
        #expect(list.map(\.id) == [MessageID(5), MessageID(1)])
        #expect(list.leftOut == ["4", "[2]", "[3]"] && list.leftOutCount == 3 && !list.isWhole)
        let contacts =
            #"{"success":true,"data":{"contacts":[{"contact_id":9},{"contact_id":1,"contact_user_id":2,"#
            + #""contact_name":"Bia"}]}}"#
        let people = try API.contacts().response(status: 200, body: Array(contacts.utf8))
        #expect(people.map(\.name) == ["Bia"] && people.leftOut == ["9"])
        let counts = #"{"success":true,"data":{"total":4,"by_contact":{"2":4,"3":"many","x":1}}}"#
        let unread = try API.unread().response(status: 200, body: Array(counts.utf8))
        #expect(unread.bySender == [UserID(2): 4] && unread.leftOut == [UserID(3)])
        let changes = #"{"success":true,"data":{"changes":[{"seq":7},{"seq":8,"type":"x"}],"cursor":"c"}}"#
        guard
            case .changes(let known, cursor: "c", hasMore: false, state: _) = try API.sync(cursor: nil)
                .response(status: 200, body: Array(changes.utf8))
        else {
            Issue.record("no changes")
            return
        }
        #expect(known.map(\.sequence) == [8] && known.leftOut == ["7"])
    }

    @Test func `a list of which nothing can be read is another's`() {
        let text = #"{"success":true,"data":{"messages":["a","b"]}}"#
        #expect(throws: APIError.unexpectedShape(missing: "data.messages")) {
            try API.conversation(with: UserID(2)).response(status: 200, body: Array(text.utf8))
        }
    }

    @Test(
        arguments: [
            (#""\ud83d""#, "\u{FFFD}"), (#""a\ude00b""#, "a\u{FFFD}b"),
            (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        ])
    func `half an emoji costs nothing but itself`(content: String, text: String) throws {
        let body =
            #"{"success":true,"data":{"messages":[{"id":1,"sender_id":1,"receiver_id":2,"content":\#(content),"#
            + #""is_read":1e999,"created_at":"Sun, 22 Nov 2026 07:49:12 GMT"}]}}"#
        let list = try API.conversation(with: UserID(2)).response(
            status: 200, body: [0xEF, 0xBB, 0xBF] + Array(body.utf8))
        #expect(list.map(\.content) == [text])
    }

    @Test func `bytes that are no text become a question mark`() throws {
        let body = Array(#"{"success":false,"message":"n"#.utf8) + [0xE3] + Array(#"o"}"#.utf8)
        #expect(throws: APIError.refused(status: 400, message: "n?o")) {
            try API.me().response(status: 400, body: body)
        }
    }

    @Test func `capabilities are read and written, unknown ones passed over`() throws {
        let text = #"{"name":"n","version":"v","capabilities":["sync","teleport",3,"ack-result"]}"#
        let information = try API.serverInformation().response(status: 200, body: Array(text.utf8))
        #expect(information.capabilities == [.sync, .ackResult])
        var writer = JSONWriter()
        information.write(to: &writer)
        #expect(try ServerInformation(json: JSONValue(parsing: writer.bytes)) == information)
        // The names are part of the API: clients and servers of other versions know them.
        #expect(
            Capability.allCases.map(\.rawValue) == [
                "idempotent-send", "paging", "peek", "sync", "deletions", "presence-snapshot", "ack-result",
                "read-up-to", "refresh", "proof-of-work", "sessions",
            ])
    }

    @Test func `a sync answer is changes or a reset`() throws {
        let text =
            #"{"success":true,"data":{"changes":[{"seq":7,"type":"x","id":3}],"cursor":9,"has_more":true}}"#
        let answer = try API.sync(cursor: nil).response(status: 200, body: Array(text.utf8))
        let change = try SyncChange(json: ["seq": 7, "type": "x", "id": 3])
        #expect(answer == .changes([change], cursor: "9", hasMore: true))
        #expect(change.fact == .unknown(kind: "x"))
        let reset = #"{"success":true,"data":{"reset":true}}"#
        #expect(try API.sync(cursor: "x").response(status: 200, body: Array(reset.utf8)) == .reset())
    }

    @Test func `what is missing is named`() {
        #expect(throws: APIError.unexpectedShape(missing: "message.created_at")) {
            try Message(json: ["id": 1, "sender_id": 1, "receiver_id": 2, "content": "x"])
        }
        #expect(throws: APIError.unexpectedShape(missing: "user")) { try User(json: 3) }
        #expect(throws: APIError.unexpectedShape(missing: "contact.contact_user_id")) {
            try Contact(json: ["contact_id": 1])
        }
    }
}
