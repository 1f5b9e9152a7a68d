import ChatClientCore
import ChatCrypto
import ChatNet
import ChatTUI
import ChatWire
import Testing

@testable import ChatCommand

@Suite("Output")
struct OutputTests {
    @Test("A table's columns are aligned by what the terminal shows")
    func table() {
        #expect(
            TextTable.lines([["1", "Bia", "x"], ["22", "日本", ""], ["3", "João 😀", "y"]]) == [
                "1   Bia      x",
                "22  日本",
                "3   João 😀  y",
            ])
        #expect(TextTable.lines([]) == [])
        #expect(TextTable.lines([["a"], ["b", "c"]]) == ["a", "b  c"])
    }

    @Test("Emphasis is for terminals only")
    func ink() {
        #expect(Ink(isColoured: false).bold("x") == "x")
        #expect(Ink(isColoured: true).bold("x") == "\u{1B}[1mx\u{1B}[0m")
        #expect(Ink(isColoured: true).bold("") == "")
    }

    @Test("What is no visible text is escaped in JSON, and nothing is lost")
    func visibleJSON() throws {
        let hidden: [Unicode.Scalar] = [
            "\u{7F}", "\u{85}", "\u{9B}", "\u{9D}", "\u{AD}", "\u{200B}", "\u{200D}", "\u{202E}", "\u{2028}",
            "\u{2029}", "\u{2066}", "\u{3164}", "\u{FEFF}", "\u{E0041}", "\u{FFFE}", "\u{E000}",
        ]
        for scalar in hidden {
            let value: JSONValue = ["name": .string("a\(scalar)b"), "x\(scalar)": "é 日 😀 \u{A0}\u{301}"]
            let line = JSONOutput.line(value)
            #expect(!line.unicodeScalars.contains(scalar), "\(scalar.value)")
            #expect(line.contains("é 日 😀 \u{A0}\u{301}"))
            #expect(try JSONValue(parsing: Array(line.utf8)) == value)
        }
        #expect(
            JSONOutput.line(["a": "\u{9B}1m\u{202E}\u{E0041}\n"]) == #"{"a":"\u009b1m\u202e\udb40\udc41\n"}"#
                + "\n")
    }

    @Test("On a terminal the rest of a long line stands behind an indentation")
    func wrappedHistory() {
        let text = "hi" + String(repeating: " ", count: 52) + "22:19  you  I owe you 500"
        let history = HistoryText(
            strings: Language.english.commands, ink: Ink(isColoured: false), peerName: "Bia Souza",
            columns: 80
        )
        let lines = history.message(row(1, text, minute: 1))
        #expect(lines.count == 2)
        #expect(lines[1].hasPrefix(String(repeating: " ", count: 20)), "\(lines)")
        let long = HistoryText(
            strings: Language.english.commands, ink: Ink(isColoured: true),
            peerName: String(repeating: "Bia ", count: 60), columns: 40)
        for line in long.message(row(1, text, minute: 1)) + long.message(row(2, text, minute: 2, mine: true))
        {
            #expect(!line.hasPrefix("2"), "\(line)")
        }
    }

    @Test("What others wrote is neither markup nor an option of the program that shows it")
    func notifications() throws {
        let json: JSONValue = ["title": "--help", "body": "-a < b && c > d"]
        let push = try #require(ReceivedPush(parsing: json.serialized()))
        let desktop = PushNotifier(command: nil, usesDesktop: true).arguments(for: push)
        #expect(
            desktop == [
                "notify-send", "--app-name=mychat", "--", "--help", "-a &lt; b &amp;&amp; c &gt; d",
            ])
        let own = PushNotifier(command: "show", usesDesktop: false).arguments(for: push)
        #expect(own?.suffix(2) == [" --help", " -a < b && c > d"])
    }

    private func row(
        _ id: Int64, _ content: String, minute: Int64, mine: Bool = false, state: RowState = .received,
        failure: String? = nil, gap: Bool = false
    ) -> TimelineRow {
        TimelineRow(
            id: RowID(id), position: TimelinePosition(sent: MessageID(id)), messageID: MessageID(id),
            tempID: nil,
            senderID: UserID(mine ? 1 : 2), isMine: mine, content: content,
            time: Timestamp(seconds: 1_795_000_000 + minute * 60), state: state, failure: failure,
            isGapAbove: gap)
    }

    @Test("A conversation shows days, names, texts and the state of own messages")
    func history() {
        let text = HistoryText(
            strings: Language.english.commands, ink: Ink(isColoured: false), peerName: "Bia Souza")
        let rows = [
            row(1, "Oi!\nTudo bem?", minute: 0),
            row(2, "Tudo!", minute: 1, mine: true, state: .read, gap: true),
            row(3, "E\u{1B}[31mscape", minute: 2),
            row(4, "x", minute: 3, mine: true, state: .failed, failure: "longa\n"),
        ]
        let day = LocalTime.date(rows[0].time)
        func time(_ index: Int) -> String { LocalTime.time(rows[index].time) }
        #expect(
            text.lines(rows) == [
                day,
                "  \(time(0))  Bia Souza  Oi!",
                "                    Tudo bem?",
                "  … messages may be missing here …",
                "  \(time(1))  you        Tudo!  •✓✓ read",
                "  \(time(2))  Bia Souza  E␛[31mscape",
                "  \(time(3))  you        x  ! refused: longa␤",
            ])
        #expect(text.lines([]) == ["No messages with Bia Souza yet"])
    }

    @Test("Messages of a former server stand under a line of their own, and what waits says why")
    func formerServer() {
        let text = HistoryText(
            strings: Language.english.commands, ink: Ink(isColoured: false), peerName: "Beto")
        func row(
            _ id: Int64, _ content: String, _ state: RowState, former: String? = nil,
            _ held: HeldReason? = nil
        ) -> TimelineRow {
            TimelineRow(
                id: RowID(id), position: TimelinePosition(sent: MessageID(id)), messageID: nil, tempID: nil,
                senderID: UserID(state == .received ? 2 : 1), isMine: state != .received, content: content,
                time: Timestamp(seconds: 1_795_000_000), state: state, heldReason: held, formerPeer: former)
        }
        let rows = [
            row(1, "antes", .received, former: "Bia\u{1B}"), row(2, "depois", .received),
            row(3, "perdida", .held, .goneFromServer),
        ]
        let time = LocalTime.time(rows[0].time)
        #expect(
            text.lines(rows).dropFirst() == [
                "  — with Bia␛, on the former server —", "  \(time)  Bia␛  antes",
                "  — on the present server —", "  \(time)  Beto  depois",
                "  \(time)  you   perdida  ‖ held: the server had it and has lost it",
            ])
        #expect(CommandJSON.message(rows[0])["former_server"] == true)
        #expect(CommandJSON.message(rows[2])["held"] == "gone_from_server")
    }

    @Test("Each state has words in both languages and a mark")
    func states() {
        for state in RowState.allCases where state != .received {
            #expect(!state.symbol.isEmpty)
            #expect(!Language.english.commands.state(state).isEmpty)
            #expect(
                Language.english.commands.state(state) != Language.brazilianPortuguese.commands.state(state))
        }
    }

    @Test("Objects have schema, command and ok first, then what the command adds")
    func objects() {
        let good = JSONOutput.object(
            command: "send", result: CommandResult(fields: ["state": "sent"], lines: []))
        #expect(good.description == #"{"schema":1,"command":"send","ok":true,"state":"sent"}"#)
        let queued = JSONOutput.object(
            command: "send",
            result: CommandResult(status: .queued, fields: ["state": "queued"], lines: [], remark: "later"))
        #expect(
            queued.description
                == #"{"schema":1,"command":"send","ok":false,"error":{"kind":"queued","code":75,"message":"later"},"state":"queued"}"#
        )
    }

    @Test("The link's states in which waiting is in vain")
    func hopeless() {
        func isHopeless(_ link: LinkState, _ givesUp: Bool) -> Bool {
            SendWaiter.isHopeless(link, givesUpOffline: givesUp)
        }
        for givesUp in [true, false] {
            #expect(!isHopeless(.online, givesUp))
            #expect(!isHopeless(.connecting, givesUp))
            #expect(!isHopeless(.offline(reason: .notStarted, nextTry: nil), givesUp))
            #expect(isHopeless(.refused, givesUp))
            #expect(isHopeless(.signedOut, givesUp))
            #expect(
                isHopeless(.offline(reason: .network(.tls(.notTLS, endpoint: "x:1")), nextTry: nil), givesUp))
        }
        #expect(isHopeless(.offline(reason: .network(.refused(endpoint: "x:1")), nextTry: nil), true))
        #expect(!isHopeless(.offline(reason: .network(.refused(endpoint: "x:1")), nextTry: nil), false))
        #expect(!isHopeless(.offline(reason: .silence, nextTry: nil), false))
    }

    @Test("A long text has its beginning in a table")
    func excerpts() {
        #expect(TextTable.excerpt("curto") == "curto")
        #expect(TextTable.excerpt(String(repeating: "a", count: 60)).count == 60)
        let long = TextTable.excerpt(String(repeating: "é", count: 4000))
        #expect(long.count == 60 && long.hasSuffix("…"))
        #expect(TextTable.excerpt("a\u{1B}[31mb").contains("\u{1B}") == false)
    }
}
