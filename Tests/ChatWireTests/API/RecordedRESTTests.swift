import ChatWire
import Testing

/// Every recorded answer is read by the call that would have got it.
@Suite struct RecordedRESTTests {
    /// The call for a recorded request, and the result of reading its answer as text.
    private static func read(_ recorded: Transcripts.RESTCase) throws -> String? {
        func result<Response>(_ call: APICall<Response>) throws -> String {
            "\(try call.response(status: recorded.status, body: recorded.body))"
        }
        let path = recorded.path.split(separator: "?").first.map(String.init) ?? ""
        let parts = path.split(separator: "/").map(String.init)
        let id = parts.last.flatMap { Int64($0) } ?? 0
        switch (recorded.method, parts.first, parts.dropFirst().first, parts.dropFirst(2).first) {
        case ("GET", nil, nil, nil): return try result(API.serverInformation())
        case ("GET", "health", nil, nil): return try result(API.health())
        case ("POST", "api", "auth", "register"):
            return try result(API.register(name: "", email: "", password: ""))
        case ("POST", "api", "auth", "login"): return try result(API.login(email: "", password: ""))
        case ("GET", "api", "auth", "me"): return try result(API.me())
        case ("GET", "api", "auth", "verify"): return try result(API.verify())
        case ("GET", "api", "contacts", nil): return try result(API.contacts())
        case ("GET", "api", "contacts", "search"): return try result(API.findPeople("x"))
        case ("POST", "api", "contacts", "add"): return try result(API.addContact(UserID(1)))
        case ("PUT", "api", "contacts", _): return try result(API.renameContact(ContactID(id), to: "x"))
        case ("DELETE", "api", "contacts", _): return try result(API.removeContact(ContactID(id)))
        case ("POST", "api", "messages", "send"): return try result(API.send(to: UserID(1), content: "x"))
        case ("GET", "api", "messages", "conversation"): return try result(API.conversation(with: UserID(id)))
        case ("DELETE", "api", "messages", "conversation"):
            return try result(API.deleteConversation(with: UserID(id)))
        case ("PUT", "api", "messages", "mark-read"): return try result(API.markRead(from: UserID(id)))
        case ("GET", "api", "messages", "unread"): return try result(API.unread())
        case ("DELETE", "api", "messages", _): return try result(API.deleteMessage(MessageID(id)))
        case ("GET", "api", "push", "vapid-public-key"): return try result(API.vapidPublicKey())
        case ("POST", "api", "push", "subscribe"):
            return try result(API.subscribe(endpoint: "", publicKey: "", secret: ""))
        case ("POST", "api", "push", "unsubscribe"): return try result(API.unsubscribe(endpoint: ""))
        default: return nil
        }
    }

    @Test func `good answers are read and the others refuse`() throws {
        var successes = 0
        var refusals = 0
        var pages = 0
        for recorded in try Transcripts.rest() {
            do {
                guard try Self.read(recorded) != nil else { continue }
                successes += 1
                #expect((200..<300).contains(recorded.status), "\(recorded.name)")
            } catch let error as APIError {
                switch error {
                case .refused(let status, let message):
                    refusals += 1
                    #expect(status == recorded.status && status >= 400, "\(recorded.name)")
                    #expect(!message.isEmpty, "\(recorded.name)")
                case .unauthorized(let message):
                    refusals += 1
                    #expect(recorded.status == 401 && !message.isEmpty, "\(recorded.name)")
                case .notJSON(let status, _):
                    pages += 1
                    #expect(
                        status == recorded.status && !recorded.body.starts(with: [0x7B]), "\(recorded.name)")
                case .foreign(let status): Issue.record("\(recorded.name): \(status)")
                case .unexpectedShape(let missing):
                    Issue.record("\(recorded.name) lacks \(missing)")
                }
            }
        }
        #expect(successes >= 90 && refusals >= 80 && pages >= 1, "\(successes), \(refusals), \(pages)")
    }

    @Test func `the words of refusals come through`() throws {
        let cases = Dictionary(try Transcripts.rest().map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        func answer(_ name: String) throws -> (Int, [UInt8]) {
            let recorded = try #require(cases[name])
            return (recorded.status, recorded.body)
        }
        let (status, body) = try answer("login_unknown_email")
        #expect(throws: APIError.refused(status: 400, message: "Email inválido")) {
            try API.login(email: "", password: "").response(status: status, body: body)
        }
        let (unauthorized, words) = try answer("me_no_token")
        #expect(throws: APIError.unauthorized(message: "Token não fornecido.")) {
            try API.me().response(status: unauthorized, body: words)
        }
    }

    @Test func `the fields of recorded answers arrive`() throws {
        let cases = Dictionary(try Transcripts.rest().map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        func response<Response>(_ name: String, _ call: APICall<Response>) throws -> Response {
            let recorded = try #require(cases[name])
            return try call.response(status: recorded.status, body: recorded.body)
        }
        let signIn = try response("register_ok", API.register(name: "", email: "", password: ""))
        #expect(
            signIn.user
                == User(
                    id: UserID(1), name: "Ana Á. 6b029e6b", email: "ana.6b029e6b@ex.com",
                    createdAt: WireDate.parse("2026-11-22T07:48:59.944687"),
                    updatedAt: WireDate.parse("2026-11-22T07:48:59.944693")))
        #expect(signIn.token.hasPrefix("eyJ"))

        let contact = try #require(try response("contacts_with_last_message", API.contacts()).first)
        #expect(
            contact
                == Contact(
                    id: ContactID(3), userID: UserID(1), name: "Ana Á. 6b029e6b", userName: "Ana Á. 6b029e6b",
                    userEmail: "ana.6b029e6b@ex.com", createdAt: WireDate.parse("2026-11-22T07:49:11"),
                    lastMessage: "x float", lastMessageTime: WireDate.parse("2026-11-22T07:49:12"),
                    unreadCount: 5))
        #expect(try response("contact_add_int_name", API.addContact(UserID(3))).name == "42")
        #expect(try response("contact_add_self_as_string", API.addContact(UserID(1))).userID == UserID(1))

        #expect(
            try response("send_receiver_float", API.send(to: UserID(3), content: "")).receiverID == UserID(3))
        #expect(
            try response("send_to_self_as_string", API.send(to: UserID(1), content: "")).receiverID
                == UserID(1))
        let sent = try response("send_ok", API.send(to: UserID(3), content: ""))
        #expect(sent.content == #"Olá, tudo bem? 😀 <b>&""#)
        #expect(sent.createdAt == WireDate.parse("2026-11-22T07:49:12.064975"))

        let page = try response("conversation_ok_before_read", API.conversation(with: UserID(1)))
        #expect(page.map(\.id) == page.map(\.id).sorted(by: >))
        #expect(page.first?.senderName == "Ana Á. 6b029e6b" && page.first?.receiverName == "Bruno 6b029e6b")
        #expect(page.first?.isRead == false && page.first?.createdAt == WireDate.parse("2026-11-22T07:49:12"))

        #expect(try response("unread_before", API.unread()) == UnreadCounts(bySender: [UserID(1): 5]))
        #expect(try response("unread_after", API.unread()) == UnreadCounts(bySender: [:]))
        #expect(try response("mark_read_none", API.markRead(from: UserID(3))) == 1)
        #expect(try response("conversation_delete_ok", API.deleteConversation(with: UserID(3))) == 5)
        #expect(
            try response("search_ok", API.findPeople(""))
                == [Person(id: UserID(3), name: "Bruno 6b029e6b", email: "bruno.6b029e6b@ex.com")])
        #expect(
            try response("root", API.serverInformation())
                == ServerInformation(name: "MyChat API", version: "1.0.0"))
    }

    /// Our server writes the same JSON as the recorded server.
    @Test func `the server's forms are those of the recordings`() throws {
        for recorded in try Transcripts.rest() where (200..<300).contains(recorded.status) {
            guard let data = try? JSONValue(parsing: recorded.body)["data"] else { continue }
            func compare(_ json: JSONValue?, _ write: (inout JSONWriter) throws -> Void) throws {
                // Ids that came back as text or as floats are written as numbers.
                guard let json, json["receiver_id"]?.stringValue == nil,
                    json["contact_user_id"]?.stringValue == nil,
                    json["contact_name"]?.integerValue == nil
                else { return }
                if case .double = json["receiver_id"] { return }
                var writer = JSONWriter()
                try write(&writer)
                #expect(try JSONValue(parsing: writer.bytes) == json, "\(recorded.name)")
            }
            if let user = data["user"] {
                try compare(user) { try User(json: user).write(to: &$0, as: .object) }
            }
            if let message = data["message"] {
                try compare(message) { try Message(json: message).write(to: &$0, as: .object) }
            }
            for message in data["messages"]?.arrayValue ?? [] {
                try compare(message) { try Message(json: message).write(to: &$0, as: .list) }
            }
            for contact in data["contacts"]?.arrayValue ?? [] {
                try compare(contact) { try Contact(json: contact).write(to: &$0, as: .list) }
            }
            if let contact = data["contact"] {
                try compare(contact) { try Contact(json: contact).write(to: &$0, as: .object) }
            }
            for person in data["users"]?.arrayValue ?? [] {
                try compare(person) { try Person(json: person).write(to: &$0) }
            }
            if data["by_contact"] != nil {
                try compare(data) { try UnreadCounts(json: data).write(to: &$0) }
            }
        }
        let root = try #require(try Transcripts.rest().first { $0.name == "root" })
        var writer = JSONWriter()
        ServerInformation(name: "MyChat API", version: "1.0.0").write(to: &writer)
        #expect(try JSONValue(parsing: writer.bytes) == JSONValue(parsing: root.body))
    }
}
