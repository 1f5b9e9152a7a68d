import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// People, conversations and messages as lines.
struct PlainWordingTests {
    private func wording(
        _ conversations: [Conversation] = Fixtures.conversations, link: LinkState = .online,
        outbox: OutboxSummary = OutboxSummary(), _ language: Language = .english, ascii: Bool = false
    ) -> PlainWording {
        var model = ChatModel(
            strings: language.catalogue(CatalogueStyle(isASCII: ascii)), keymap: .none,
            now: Fixtures.at(14, 5), instant: MonotonicInstant(nanoseconds: 0))
        model.calendar = .utc
        model.start(Fixtures.account, link, outbox)
        _ = model.take(conversations)
        return PlainWording(model: model)
    }

    private func row(
        _ id: Int64, _ state: RowState, _ content: String = "olá", daysAgo: Int = 0, gap: Bool = false,
        failure: String? = nil
    ) -> TimelineRow {
        Fixtures.row(
            id, from: state == .received ? Fixtures.bia : Fixtures.me, content,
            at: Fixtures.at(14, 1, daysAgo: daysAgo), state, failure: failure, isGapAbove: gap)
    }

    // MARK: The list

    @Test func theListIsNumbered() {
        #expect(
            wording().list == [
                "1. Bia Souza, online, 2 unread, 14:03", "2. Caio Rocha, offline, 13:10",
                "3. Davi Alves, online, 12 unread, yest.",
                "4. Emma Clarke-Featherstonehaugh of Upper Wimbledon, Wed",
            ])
        #expect(wording([]).list == ["No conversations yet."])
        #expect(wording(.init(), .spanish).list == ["Aún no hay conversaciones."])
    }

    @Test func peopleAreNumberedWithTheirAddresses() {
        #expect(
            wording().people([
                Person(id: Fixtures.bia, name: "Bia Souza", email: "bia@exemplo.com"),
                Person(id: UserID(77), name: "Gil"),
            ]) == ["1. Bia Souza, bia@exemplo.com, in your list", "2. Gil"])
        #expect(wording().nameWithAddress(Fixtures.bia) == "Bia Souza <bia@exemplo.com>")
        #expect(wording().nameWithAddress(Fixtures.davi) == "Davi Alves <#4>")
        #expect(wording().nameWithAddress(UserID(99)) == "#99 <#99>")
    }

    @Test func aConversationBeginsWithWhoItIs() {
        #expect(wording().heading(Fixtures.bia) == "Conversation with Bia Souza, online.")
        #expect(wording().heading(Fixtures.caio) == "Conversation with Caio Rocha, last seen at 13:12.")
        #expect(
            wording().heading(Fixtures.emma)
                == "Conversation with Emma Clarke-Featherstonehaugh of Upper Wimbledon.")
        #expect(wording().heading(UserID(99)) == "Conversation with #99.")
    }

    @Test(
        arguments: [
            (Presence.offline, "Conversation with Bia Souza, online."), (.online, nil), (.unknown, nil),
            (nil, nil),
        ] as [(Presence?, String?)])
    func comingAndGoingIsSaid(before: Presence?, expected: String?) {
        #expect(wording().change(ofPresence: before, of: Fixtures.bia) == expected)
        #expect(wording().change(ofPresence: .online, of: Fixtures.emma) == nil, "unknown is no news")
    }

    // MARK: The link

    @Test(
        arguments: [
            (LinkState.connecting, LinkState.online, true, "Connection: connected."),
            (.online, .offline(reason: .silence, nextTry: nil), true, "Connection: offline."),
            (.offline(reason: .silence, nextTry: nil), .connecting, true, nil),
            (.connecting, .offline(reason: .silence, nextTry: nil), true, nil),
            (.online, .connecting, true, "Connection: connecting…."), (.online, .connecting, false, nil),
            (.online, .refused, true, "Connection: sign in again."),
            (.refused, .online, true, "Connection: connected."),
        ] as [(LinkState, LinkState, Bool, String?)])
    func onlyChangesOfTheLinkAreSaid(
        before: LinkState, after: LinkState, hasConnected: Bool, expected: String?
    ) {
        #expect(wording().change(of: before, to: after, hasConnected: hasConnected) == expected)
    }

    // MARK: Messages

    @Test func messagesStandUnderTheirDays() {
        #expect(
            wording().lines(for: [
                row(1, .read, "ontem", daysAgo: 1), row(2, .received), row(3, .queued, "um\ndois"),
            ]) == [
                "yesterday · Saturday, 21 November", "You, 14:01: ontem (read)",
                "today · Sunday, 22 November",
                "Bia Souza, 14:01: olá", "You, 14:01: um", "  | dois (queued)",
            ])
        #expect(
            wording().lines(for: [row(2, .received)], after: row(1, .received)) == ["Bia Souza, 14:01: olá"],
            "the same day")
        #expect(wording().lines(for: []) == [])
    }

    @Test func whatIsNewAndWhatIsMissingIsMarked() {
        #expect(
            wording().lines(
                for: [row(2, .received, gap: true), row(3, .received)], after: row(1, .received),
                firstUnread: RowID(3), unread: 1) == [
                    "messages may be missing here · /gap fetches them", "Bia Souza, 14:01: olá",
                    "1 new message:", "Bia Souza, 14:01: olá",
                ])
        #expect(
            wording().lines(
                for: [row(3, .received)], after: row(1, .received), firstUnread: RowID(3), unread: 0)
                == ["Bia Souza, 14:01: olá"])
    }

    @Test func aFailedMessageSaysWhy() {
        #expect(
            wording().lines(
                for: [row(8, .failed, failure: "Email ou senha inválidos")], after: row(1, .received))
                == ["You, 14:01: olá (not sent)", "  not sent: Wrong email or password"])
        #expect(
            wording().lines(for: [row(8, .failed)], after: row(1, .received)).last
                == "  not sent: refused by the server")
    }

    @Test(
        arguments: [
            (RowState.received, LinkState.online, []), (.sending, .online, []), (.queued, .online, []),
            (.queued, .connecting, ["Queued: olá"]), (.sent, .online, ["Sent: olá"]),
            (.delivered, .online, ["Delivered: olá"]), (.read, .online, ["Read: olá"]),
            (.unknown, .online, ["Not confirmed yet: olá"]),
            (.held, .online, ["Waiting for you: olá", "held back, since it is old: you decide"]),
            (
                .failed, .online,
                ["Not sent: olá. Reason: refused by the server. /retry sends it again, /discard drops it."]
            ),
        ] as [(RowState, LinkState, [String])])
    func newStates(state: RowState, link: LinkState, expected: [String]) {
        #expect(wording(link: link).state(of: row(8, state)) == expected)
    }

    @Test func excerptsAreOneShortLine() {
        let long = String(repeating: "palavra ", count: 10)
        #expect(wording().excerpt("a\nb") == "a b")
        #expect(TextWidth.of(wording().excerpt(long)) <= 40)
        #expect(wording().excerpt(long).hasSuffix("…"))
        #expect(wording(ascii: true).excerpt(long).hasSuffix("..."))
    }

    @Test func hitsSayWhenAndWho() {
        func hit(_ state: RowState, daysAgo: Int, peer: UserID = Fixtures.bia) -> SearchHit {
            SearchHit(
                peer: peer, peerName: "Outra", row: row(1, state, daysAgo: daysAgo), excerpt: "a\nb",
                matches: [])
        }
        #expect(wording().hit(hit(.received, daysAgo: 0)) == "Bia Souza, 14:01: a b")
        #expect(wording().hit(hit(.read, daysAgo: 1)) == "You, yest. 14:01: a b")
        #expect(wording().hit(hit(.received, daysAgo: 0, peer: UserID(99))) == "Outra, 14:01: a b")
    }

    @Test func theOutboxNamesItsReceivers() {
        #expect(wording().outbox([]) == ["Everything is sent."])
        #expect(
            wording().outbox([.init(peer: Fixtures.bia, row: row(8, .queued))]) == ["Bia Souza: Queued: olá"])
    }

    // MARK: Notices

    @Test(
        arguments: [
            (
                ChatNotice.received(
                    from: Person(id: Fixtures.bia, name: "Bia"), row: RowID(1), content: "a\nb", isOpen: false
                ),
                nil, ["New message from Bia Souza: a b"]
            ),
            (
                .received(
                    from: Person(id: Fixtures.bia, name: "Bia"), row: RowID(1), content: "a", isOpen: true),
                Fixtures.bia, []
            ),
            (.sendFailed(to: Fixtures.bia, TempID("x"), reason: "não"), Fixtures.bia, []),
            (
                .sendFailed(to: Fixtures.bia, TempID("x"), reason: "não"), nil,
                ["Bia Souza: not sent: não"]
            ),
            (.signInAgain, nil, ["Your session has ended. Please sign in again; nothing is lost."]),
            (.held(count: 2), nil, ["2 old messages wait for you: /outbox"]),
            (.held(count: 1), nil, ["1 old message waits for you: /outbox"]),
            (
                .cacheSetAside(path: "/x", rescued: 3), nil,
                ["The cache was damaged and set aside: /x. Unsent messages saved: 3."]
            ),
            (
                .contactChangeRefused(Fixtures.bia, reason: "não"), nil,
                ["Bia Souza: the server refused the change: não"]
            ),
            (
                .conversationKept(Fixtures.bia, reason: nil), nil,
                ["Bia Souza has written meanwhile: the conversation was deleted here only."]
            ),
            (
                .conversationKept(Fixtures.bia, reason: "não"), nil,
                ["The server kept the conversation with Bia Souza: não"]
            ),
            (.serverError("x"), nil, ["x"]),
            (.inUseElsewhere, nil, ["This account is in use elsewhere. /reconnect takes it back."]),
        ] as [(ChatNotice, UserID?, [String])])
    func notices(notice: ChatNotice, open: UserID?, expected: [String]) {
        #expect(wording().notice(notice, open: open) == expected)
    }

    @Test func mutedPeopleAreNotHeard() {
        let muted = Conversation(peer: Fixtures.bia, name: "Bia", isMuted: true)
        #expect(
            wording([muted]).notice(
                .received(
                    from: Person(id: Fixtures.bia, name: "Bia"), row: RowID(1), content: "a", isOpen: false),
                open: nil) == [])
    }

    // MARK: Questions

    @Test(arguments: ["yes", "Y", " yes ", "sim", "sí", "SIM"])
    func aYesInAnyLanguageIsAYes(line: String) {
        #expect(
            wording().confirm(line, .sendHeld, "done") == PlainOutput(lines: ["done"], effects: [.sendHeld]))
    }

    @Test(arguments: ["", "no", "yes please", "não", "yess"])
    func everythingElseIsNone(line: String) {
        #expect(wording().confirm(line, .sendHeld, "done") == PlainOutput(lines: ["Nothing was done."]))
    }

    @Test func statusTellsEverythingInThreeLines() {
        #expect(
            wording(link: .connecting, outbox: OutboxSummary(queued: 2)).status
                == ["Connection: connecting….", "2 queued.", "14 unread."])
        #expect(wording([]).status == ["Connection: connected.", "Everything is sent.", "Nothing unread."])
    }
}

/// Bytes as lines.
struct PlainLineTests {
    private func lines(_ bytes: [UInt8], in pieces: Int, max: Int = 10) -> [LineReader.Line] {
        var reader = LineReader(bytesMax: max)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            reader.receive(bytes[start..<min(start + pieces, bytes.count)])
        }
        var lines: [LineReader.Line] = []
        while let line = reader.next() { lines.append(line) }
        if let rest = reader.rest() { lines.append(rest) }
        #expect(reader.rest() == nil)
        return lines
    }

    @Test(
        arguments: [
            ("", []), ("a\n", [.text("a")]), ("a", [.text("a")]), ("a\nb", [.text("a"), .text("b")]),
            ("\n\n", [.text(""), .text("")]), ("a\r\n", [.text("a")]),
            ("a\tb\u{1B}[1m\n", [.text("a\tb[1m")]),
            ("0123456789\n", [.text("0123456789")]), ("0123456789x\na\n", [.tooLong, .text("a")]),
            ("0123456789x", [.tooLong]), ("é\n", [.text("é")]),
        ] as [(String, [LineReader.Line])])
    func linesInPieces(text: String, expected: [LineReader.Line]) {
        for pieces in [1, 2, 3, 100] {
            #expect(lines(Array(text.utf8), in: pieces) == expected, "\(pieces)")
        }
    }

    @Test func whatIsNoTextIsRefusedAsAWhole() {
        #expect(lines([0x61, 0xFF, 0x0A, 0x62, 0x0A], in: 1) == [.notText, .text("b")])
        #expect(lines([0xC3], in: 1) == [.notText])
    }

    @Test(arguments: [("/list", true), ("//list", false), ("list", false), ("/", true), ("", false)])
    func oneSlashBeginsACommand(text: String, isCommand: Bool) {
        #expect(LineReader.Line.text(text).isCommand == isCommand)
        #expect(!LineReader.Line.tooLong.isCommand && !LineReader.Line.notText.isCommand)
    }
}
