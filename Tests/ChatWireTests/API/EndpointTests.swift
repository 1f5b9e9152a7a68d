import Testing

@testable import ChatWire

/// The declarations are complete enough to describe the API in another language.
@Suite struct EndpointTests {
    @Test func `endpoints differ in method or path`() {
        func name<Called: Endpoint>(_: Called.Type) -> String {
            "\(Called.method.rawValue) \(Called.path.pattern)"
        }
        let names = API.endpoints.map { name($0) }
        #expect(Set(names).count == names.count && names.count == 27)
    }

    @Test func `everything says what it means`() {
        func check(_ members: [FieldDescription], _ owner: String) {
            #expect(Set(members.map(\.name)).count == members.count, "\(owner)")
            for member in members {
                #expect(!member.name.isEmpty && member.summary.hasSuffix("."), "\(owner).\(member.name)")
                if case .object(let inner) = member.schema { check(inner, member.name) }
                if case .list(of: .object(let inner)) = member.schema { check(inner, member.name) }
            }
        }
        for endpoint in API.endpoints {
            let name = String(describing: endpoint)
            #expect(endpoint.summary.hasSuffix("."), "\(name)")
            #expect(endpoint.query.allSatisfy { $0.summary.hasSuffix(".") }, "\(name)")
            #expect(Set(endpoint.refusals.map(\.message)).count >= endpoint.refusals.count - 1, "\(name)")
            check(endpoint.body, name)
        }
        for kind in ClientEvent.Kind.allCases { check(kind.members, kind.name.description) }
        for kind in ServerEvent.Kind.allCases { check(kind.members, kind.name.description) }
        for kind in SyncChange.Fact.Kind.allCases { check(kind.members, kind.rawValue) }
        check(SendAcknowledgement.acceptanceMembers, "acceptance")
        check(SendAcknowledgement.refusalMembers, "refusal")
        for capability in Capability.allCases { #expect(capability.summary.hasSuffix(".")) }
    }

    /// What a call sends is what its endpoint declares.
    @Test func `bodies have the declared members`() throws {
        func keys<Response>(_ call: APICall<Response>) -> [String] {
            call.body?.objectValue?.members.map(\.key) ?? []
        }
        let user = UserID(1)
        #expect(
            keys(
                API.register(
                    name: "", email: "", password: "", invitation: "",
                    proof: SignUpProof(challenge: "", number: 0))) == API.Register.body.map(\.name))
        #expect(keys(API.login(email: "", password: "")) == API.Login.body.map(\.name))
        #expect(keys(API.addContact(user, name: "")) == API.AddContact.body.map(\.name))
        #expect(keys(API.renameContact(ContactID(1), to: "")) == API.RenameContact.body.map(\.name))
        #expect(keys(API.send(to: user, content: "", tempID: TempID("t"))) == API.Send.body.map(\.name))
        #expect(
            keys(API.subscribe(endpoint: "", publicKey: "", secret: "")) == API.Subscribe.body.map(\.name))
        #expect(keys(API.unsubscribe(endpoint: "")) == API.Unsubscribe.body.map(\.name))
    }

    /// Each answer is written with the members that it declares, in their order, and read again.
    @Test func `answers have the declared members`() throws {
        func check<Called: Endpoint>(_: Called.Type, _ answer: Called.Answer, leavingOut: Set<String> = [])
            throws -> Called.Answer
        {
            var writer = JSONWriter()
            writer.beginObject()
            Called.answer.writeMembers(answer, &writer)
            writer.endObject()
            let json = try JSONValue(parsing: writer.bytes)
            #expect(
                json.objectValue?.members.map(\.key)
                    == Called.answer.members.map(\.name).filter { !leavingOut.contains($0) })
            return try Called.answer.read(json)
        }
        let user = User(id: UserID(1), name: "Ana", email: "ana@b")
        let signIn = SignIn(user: user, token: "t")
        #expect(try check(API.Register.self, signIn) == signIn)
        #expect(try check(API.Me.self, user) == user)
        #expect(try check(API.Refresh.self, "t") == "t")
        #expect(try check(API.MarkRead.self, 3) == 3)
        let counts = UnreadCounts(bySender: [UserID(2): 1])
        #expect(try check(API.Unread.self, counts) == counts)
        let added = Contact(
            id: ContactID(4), userID: UserID(2), name: "Bia", userName: "Bia", userEmail: "",
            ownerID: UserID(1))
        #expect(try check(API.AddContact.self, added) == added)
        let whole = SyncAnswer.changes(
            [SyncChange(sequence: 1, fact: .contactRemoved(ContactID(4), contact: UserID(2)))], cursor: "c",
            hasMore: false, state: SyncState(epoch: "e", newestID: MessageID(1), isWhole: true))
        #expect(try check(API.Sync.self, whole, leavingOut: ["reset", "ahead"]) == whole)
        let reset = SyncAnswer.reset(
            SyncState(epoch: "e", newestID: MessageID(1), isBehindCursor: true))
        let ofChanges: Set = ["changes", "cursor", "has_more", "is_whole"]
        #expect(try check(API.Sync.self, reset, leavingOut: ofChanges) == reset)
        let session = UserSession(
            id: SessionID(1 << 51), isCurrent: true, createdAt: Timestamp(seconds: 1_795_333_752),
            lastSeenAt: Timestamp(seconds: 1_795_333_753), expiresAt: Timestamp(seconds: 1_795_333_754),
            address: "192.0.2.1", agent: "mychat")
        #expect(try check(API.Sessions.self, [session]) == [session])
        #expect(try check(API.EndOtherSessions.self, 2) == 2)
        let health = ServerHealth(isHealthy: false)
        #expect(try check(API.Health.self, health) == health)
    }

    /// Both codecs of each kind of change.
    @Test func `changes are written and read`() throws {
        let message = Message(
            id: MessageID(7), senderID: UserID(1), receiverID: UserID(2), content: "x", isRead: false,
            createdAt: Timestamp(seconds: 1_795_333_752), status: .sent)
        let contact = Contact(
            id: ContactID(4), userID: UserID(2), name: "Bia", userName: "Beatriz", userEmail: "b@c")
        let facts: [SyncChange.Fact.Kind: SyncChange.Fact] = [
            .messageCreated: .messageCreated(message),
            .messageDelivered: .messageDelivered(MessageID(7), contact: UserID(2)),
            .messagesRead: .messagesRead(reader: UserID(2), sender: UserID(1), upTo: MessageID(7)),
            .messageDeleted: .messageDeleted(MessageID(7), contact: UserID(2)),
            .conversationDeleted: .conversationDeleted(
                by: UserID(2), contact: UserID(2), upTo: MessageID(7)),
            .contactAdded: .contactAdded(contact), .contactRenamed: .contactRenamed(contact),
            .contactRemoved: .contactRemoved(ContactID(4), contact: UserID(2)),
        ]
        for kind in SyncChange.Fact.Kind.allCases {
            let fact = try #require(facts[kind])
            let change = SyncChange(sequence: 3, time: Timestamp(seconds: 1_795_333_752), fact: fact)
            var writer = JSONWriter()
            change.write(to: &writer)
            let json = try JSONValue(parsing: writer.bytes)
            #expect(
                json.objectValue?.members.map(\.key)
                    == (SyncChange.members + kind.members).map(\.name), "\(kind)")
            #expect(json["type"] == .string(kind.rawValue))
            #expect(try SyncChange(json: json) == change)
        }
        let bare = try SyncChange(json: ["seq": 3, "type": "message_deleted"])
        #expect(bare.fact == .unknown(kind: "message_deleted"))
    }
}
