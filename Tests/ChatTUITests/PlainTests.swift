import ChatClientCore
import ChatNet
import ChatWire
import Foundation
import Testing

@testable import ChatTUI

/// Plain mode as a script: this line, this event, gives these lines and effects.
struct PlainTests {
    private func plain(_ language: Language = .english, link: LinkState = .online) -> PlainState {
        var state = PlainState(
            language: language, now: Fixtures.at(14, 5), instant: MonotonicInstant(nanoseconds: 0))
        state.model.calendar = .utc
        _ = state.update(.started(account: Fixtures.account, link: link, outbox: OutboxSummary()))
        _ = state.update(.conversationsLoaded(Fixtures.conversations))
        return state
    }

    private func chatting(_ language: Language = .english) -> PlainState {
        var state = plain(language)
        _ = state.enter("/goto bia")
        _ = state.update(.timelineLoaded(Fixtures.timeline(Array(Fixtures.rows.prefix(6))), draft: nil))
        return state
    }

    /// What others call themselves, and when they write, leads no line to them.
    @Test func namesAndNumbersLeadToWhomTheyMeant() {
        var state = plain()
        let stranger = Conversation(peer: UserID(66), name: "Bia", isContact: false)
        let double = Conversation(peer: UserID(67), name: "Bia Alves")
        _ = state.update(.conversationsLoaded([stranger] + Fixtures.conversations))
        #expect(state.enter("/goto 1").effects.first == .open(Fixtures.bia))
        state = plain()
        _ = state.update(.conversationsLoaded([stranger] + Fixtures.conversations))
        #expect(state.enter("/goto bia").effects.first == .open(Fixtures.bia))
        state = plain()
        _ = state.update(.conversationsLoaded([stranger, double] + Fixtures.conversations))
        #expect(
            state.enter("/goto bia")
                == PlainOutput(lines: ["“bia” could be Bia Alves <#67> or Bia Souza <bia@exemplo.com>."]))
        #expect(state.enter("/goto b") == PlainOutput(lines: ["Nobody called “b” here."]))
        #expect(state.enter("/goto 99") == PlainOutput(lines: ["Nobody called “99” here."]))
    }

    /// What was written and what came are two things: nothing is sent, done or answered by a part of it.
    @Test func whatIsNotWhatWasWrittenIsRefused() {
        var state = chatting()
        #expect(state.enter(LineReader.Line.tooLong).lines == ["Not sent: the line is too long."])
        #expect(state.enter(LineReader.Line.notText).lines == ["Not sent: no UTF-8."])
        for line in ["/end of the story, see you", "/quit now", "/delete it", "/list all", "/pin that"] {
            let output = state.enter(line)
            #expect(output.effects == [] && output.lines.count == 1, "\(line)")
            #expect(output.lines[0].contains("takes nothing; // sends it as text"), "\(line)")
        }
        #expect(state.enter("/typing is what I do").effects == [])
        #expect(state.question == nil)
        #expect(chatting(.brazilianPortuguese).refusal(ofPasted: [.text("/sair"), .text("linha")]) != nil)
    }

    @Test func pastedLinesAreTexts() {
        var state = chatting()
        #expect(state.refusal(ofPasted: [.text("/quit"), .text("line two")])?.effects == [])
        #expect(state.refusal(ofPasted: [.text("line"), .text("/delete-conversation"), .text("yes")]) != nil)
        #expect(state.refusal(ofPasted: [.text("one"), .text("//two")]) == nil)
        #expect(state.refusal(ofPasted: [.text("/quit")]) == nil)
        _ = state.enter("/delete-conversation")
        #expect(state.refusal(ofPasted: [.text("yes"), .text("no")]) != nil)
        #expect(state.question != nil)
    }

    /// A name that shows nothing is no name.
    @Test func aNameWithoutASignIsANumber() {
        var state = plain()
        for name in ["\u{3164}", " \u{200B}\u{2800}", "\u{202E}"] {
            _ = state.update(.conversationsLoaded([Conversation(peer: UserID(9), name: name)]))
            #expect(state.wording.list == ["1. #9"])
        }
    }

    @Test func itBeginsWithTheConversations() {
        var state = PlainState(
            language: .english, now: Fixtures.at(14, 5), instant: MonotonicInstant(nanoseconds: 0))
        state.model.calendar = .utc
        #expect(!state.takesLines)
        let begun = state.update(
            .started(account: Fixtures.account, link: .connecting, outbox: OutboxSummary()))
        #expect(begun.lines == ["MyChat, line by line. You are ana@exemplo.com. /help lists the commands."])
        #expect(begun.effects == [.loadConversations])
        let listed = state.update(.conversationsLoaded(Fixtures.conversations))
        #expect(
            listed.lines == [
                "1. Bia Souza, online, 2 unread, 14:03", "2. Caio Rocha, offline, 13:10",
                "3. Davi Alves, online, 12 unread, yest.",
                "4. Emma Clarke-Featherstonehaugh of Upper Wimbledon, Wed",
                "No conversation is open. /list shows them, /goto and a name opens one.",
            ])
        #expect(listed.effects == [.connect])
        #expect(state.takesLines)
    }

    @Test func openingSaysTheNewestMessages() {
        var state = plain(.brazilianPortuguese)
        let opened = state.enter("/ir bia")
        #expect(opened.effects == [.open(Fixtures.bia), PlainConversation.load(Fixtures.bia)])
        #expect(!state.takesLines)
        let loaded = state.update(
            .timelineLoaded(Fixtures.timeline(Array(Fixtures.rows.prefix(6))), draft: nil))
        #expect(
            loaded.lines == [
                "Conversa com Bia Souza, online.", "ontem · sábado, 21 de novembro",
                "Você, 18:20: Bom dia, Bia! (lida)", "hoje · domingo, 22 de novembro",
                "Bia Souza, 14:01: Olá! Tudo bem?", "Bia Souza, 14:01: Vi o servidor novo 😀",
                "  | e ficou muito bom", "Você, 14:02: Tudo! E você? (entregue)",
                "Você, 14:02: mando o link já (enviada)", "2 mensagens novas:", "Bia Souza, 14:03: 👍",
            ])
        #expect(loaded.effects == [.markRead(Fixtures.bia)])
        #expect(state.takesLines)
    }

    /// What was typed stands there as the terminal's echo; only what becomes of it is said.
    @Test func statesAreSaidInWords() {
        var state = chatting()
        #expect(state.enter("até já") == PlainOutput(effects: [.send("até já", to: Fixtures.bia)]))
        func load(_ rowState: RowState) -> [String] {
            _ = state.update(.change(.timeline(Fixtures.bia)))
            let row = Fixtures.row(50, from: Fixtures.me, "até já", at: Fixtures.at(14, 5), rowState)
            return state.update(
                .timelineLoaded(
                    Fixtures.timeline(Array(Fixtures.rows.prefix(6)) + [row], unread: 0), draft: nil)
            ).lines
        }
        #expect(load(.queued) == [])
        #expect(load(.sending) == [])
        #expect(load(.sent) == ["Sent: até já"])
        #expect(load(.sent) == [])
        #expect(load(.delivered) == ["Delivered: até já"])
        #expect(load(.read) == ["Read: até já"])
    }

    @Test func failuresSayWhyAndWhatToDo() {
        var state = chatting(.brazilianPortuguese)
        _ = state.update(.change(.timeline(Fixtures.bia)))
        let row = Fixtures.row(
            50, from: Fixtures.me, "longa", at: Fixtures.at(14, 5), .failed,
            failure: "A mensagem é muito longa")
        let said = state.update(
            .timelineLoaded(Fixtures.timeline(Array(Fixtures.rows.prefix(6)) + [row], unread: 0), draft: nil))
        #expect(
            said.lines == [
                "Não enviada: longa. Motivo: A mensagem é muito longa. /reenviar manda de novo, /descartar desiste."
            ])
        #expect(state.enter("/reenviar").effects == [.retry([TempID("t50")])])
        #expect(state.enter("/descartar").effects == [.discard([TempID("t50")])])
    }

    @Test func newMessagesAreSaidOnceAndInOrder() {
        var state = chatting()
        var rows = Array(Fixtures.rows.prefix(6))
        rows.append(Fixtures.row(60, from: Fixtures.bia, "um\ndois", at: Fixtures.at(14, 6)))
        _ = state.update(.change(.timeline(Fixtures.bia)))
        let said = state.update(.timelineLoaded(Fixtures.timeline(rows, unread: 1), draft: nil))
        #expect(said.lines == ["Bia Souza, 14:06: um", "  | dois"])
        #expect(said.effects == [.markRead(Fixtures.bia)])
        _ = state.update(.change(.timeline(Fixtures.bia)))
        #expect(state.update(.timelineLoaded(Fixtures.timeline(rows, unread: 0), draft: nil)).lines == [])
    }

    @Test func messagesOfOthersAreAnnounced() {
        var state = chatting()
        let notice = AppEvent.change(
            .notice(
                .received(
                    from: Person(id: Fixtures.caio, name: "Caio", email: nil), row: RowID(9),
                    content: "onde\nvocê está?", isOpen: false)))
        #expect(state.update(notice).lines == ["New message from Caio Rocha: onde você está?"])
    }

    @Test func typingIsToldOnlyWhenAskedFor() {
        var state = chatting()
        let types = AppEvent.change(.typing(Fixtures.bia, true))
        #expect(state.update(types) == PlainOutput())
        _ = state.enter("/typing on")
        #expect(state.update(types).lines == ["Bia Souza is typing…"])
        _ = state.enter("/typing off")
        #expect(state.update(types) == PlainOutput())
    }

    @Test func theLinkIsSaidWhenItChanges() {
        var state = plain(link: .connecting)
        #expect(state.update(.change(.link(.connecting))) == PlainOutput())
        #expect(state.update(.change(.link(.online))).lines == ["Connection: connected."])
        let offline = LinkState.offline(
            reason: .network(.refused(endpoint: "x:1")), nextTry: MonotonicInstant(nanoseconds: 5))
        #expect(state.update(.change(.link(offline))).lines == ["Connection: offline."])
        // Each try is no news.
        #expect(state.update(.change(.link(.connecting))) == PlainOutput())
        #expect(state.update(.change(.link(offline))) == PlainOutput())
    }

    @Test func peopleAreFoundAndChosenByNumber() {
        var state = plain()
        #expect(state.enter("/add ro").effects == [.findPeople("ro")])
        #expect(!state.takesLines)
        let found = state.update(
            .peopleFound(
                [
                    Person(id: Fixtures.caio, name: "Caio Rocha", email: "caio@exemplo.com"),
                    Person(id: UserID(9), name: "Rosa Prado", email: "rosa@exemplo.com"),
                ], query: "ro"))
        #expect(
            found.lines == [
                "1. Caio Rocha, caio@exemplo.com, in your list", "2. Rosa Prado, rosa@exemplo.com",
                "A number adds and opens that person; an empty line adds nobody.",
            ])
        #expect(state.enter("2").effects == [.addContact(UserID(9), name: "Rosa Prado")])
        let added = state.update(.contactAdded(UserID(9), name: "Rosa Prado"))
        #expect(added.effects.contains(.open(UserID(9))))
        // A number is a message again.
        _ = state.update(.timelineLoaded(Timeline(peer: UserID(9), rows: [], hasOlder: false), draft: nil))
        #expect(state.enter("2").effects == [.send("2", to: UserID(9))])
    }

    @Test func anEmptyAnswerAddsNobody() {
        var state = plain()
        _ = state.enter("/add ro")
        _ = state.update(.peopleFound([Person(id: UserID(9), name: "Rosa", email: nil)], query: "ro"))
        #expect(state.enter("") == PlainOutput(lines: ["Nobody added."]))
    }

    @Test func nothingIsSentByMistake() {
        var state = chatting()
        #expect(state.enter("/nonsense").effects == [])
        #expect(state.enter("   ") == PlainOutput())
        #expect(state.enter("//slash").effects == [.send("/slash", to: Fixtures.bia)])
        #expect(state.enter(String(repeating: "a", count: 5001)).effects == [])
        var empty = plain()
        #expect(empty.enter("to whom?").effects == [])
    }

    @Test func olderMessagesComeBeforeTheOnesShown() {
        var state = plain()
        _ = state.enter("/goto 1")
        let rows = (20..<40).map { Fixtures.row($0, from: Fixtures.bia, "m\($0)", at: Fixtures.at(12, 0)) }
        let opened = state.update(
            .timelineLoaded(Timeline(peer: Fixtures.bia, rows: rows, hasOlder: true), draft: nil))
        #expect(opened.lines.last == "Bia Souza, 12:00: m39")
        #expect(opened.lines.filter { $0.contains(": m") }.count == 10)
        #expect(
            state.enter("/older").effects == [
                .loadWindow(
                    Fixtures.bia, .before(TimelinePosition(sent: MessageID(30))), limit: 10)
            ])
        let older = state.update(
            .windowLoaded(
                Fixtures.bia, Timeline(peer: Fixtures.bia, rows: Array(rows.prefix(10)), hasOlder: false)))
        #expect(older.lines.first == "The conversation begins here.")
        #expect(older.lines.last == "Bia Souza, 12:00: m29")
        #expect(state.enter("/older").lines == ["The conversation begins here."])
    }

    /// The end of a pipe waits for what was entered.
    @Test func theEndOfTheInputWaitsForTheOutbox() {
        var state = chatting()
        _ = state.enter("olá")
        #expect(state.inputEnded().effects == [.finish])
        #expect(state.update(.finished(OutboxSummary(sending: 1))).effects == [])
        let sent = state.update(.change(.outbox(OutboxSummary())))
        #expect(sent.effects == [PlainConversation.load(Fixtures.bia), .open(nil), .finish])
        #expect(
            state.update(.finished(OutboxSummary())).effects == [.leave(TerminalExit(reason: .quit))])
    }

    @Test func withoutALinkTheEndOfTheInputDoesNotWaitForEver() {
        var state = chatting()
        _ = state.update(.change(.link(.connecting)))
        _ = state.inputEnded()
        #expect(state.update(.finished(OutboxSummary(queued: 1))).effects == [])
        state.model.instant = state.instant + .seconds(16)
        #expect(state.update(.tick).effects.contains(.finish))
        #expect(
            state.update(.finished(OutboxSummary(queued: 1))).effects == [
                .leave(TerminalExit(reason: .quit, unsent: 1))
            ])
    }

    /// What cannot be taken back is asked first, and only a yes is one.
    @Test func deletingAsksFirst() {
        var state = chatting()
        #expect(
            state.enter("/delete").lines == [
                "Delete your last message for both of you: mando o link já? yes or no."
            ])
        #expect(state.enter("what?") == PlainOutput(lines: ["Nothing was done."]))
        _ = state.enter("/delete")
        #expect(state.enter("yes").effects == [.delete(RowID(5))])
        _ = state.enter("/delete-conversation")
        #expect(state.enter("Sim").effects == [.deleteConversation(Fixtures.bia)])
        #expect(state.enter("sim").effects == [.send("sim", to: Fixtures.bia)])
        _ = state.enter("/remove")
        #expect(state.enter("y").effects == [.removeContact(Fixtures.bia)])
        #expect(state.enter("/rename Bia S.").effects == [.rename(Fixtures.bia, to: "Bia S.")])
        #expect(state.enter("/pin").effects == [.pin(true, Fixtures.bia)])
        #expect(state.enter("/mute").effects == [.mute(true, Fixtures.bia)])
    }

    @Test func searchesAreAnsweredInLines() {
        var state = chatting()
        let question = SearchQuestion(text: "link", peer: Fixtures.bia)
        #expect(state.enter("/search link").effects == [.search(question, after: nil)])
        #expect(!state.takesLines)
        let hit = SearchHit(
            peer: Fixtures.bia, peerName: "Bia Souza", row: Fixtures.rows[4], excerpt: "mando o link já",
            matches: [])
        let page = SearchPage(hits: [hit], next: nil, unsearched: 0)
        #expect(
            state.update(.searched(question, page, isMore: false)).lines == ["You, 14:02: mando o link já"])
        #expect(state.takesLines)
    }

    @Test func everyCommandOfItIsInItsHelp() {
        var state = plain(.brazilianPortuguese)
        let help = state.enter("/ajuda").lines
        for command in SlashCommand.all(on: .plain) {
            #expect(
                help.contains { $0.hasPrefix("/" + (command.names(.brazilianPortuguese).first ?? "") + ":") })
        }
        #expect(help.contains("/lista: as conversas"))
    }

    // MARK: As on the full screen

    @Test func anUnknownCommandGetsASuggestion() {
        var state = plain(.english)
        let said = state.enter("/serch").lines.first ?? ""
        #expect(said.contains("/serch") && said.contains("Did you mean /search?"))
        // What only the full screen has is not suggested.
        #expect(state.enter("/profil").lines.first?.contains("/profile") == false)
        #expect(state.enter("/profile").lines == ["That is for the full screen only."])
    }

    /// A second that has begun counts, on both screens.
    @Test func secondsToTheNextTryAreTheSameOnBothScreens() {
        let link = LinkState.offline(
            reason: .silence, nextTry: MonotonicInstant(nanoseconds: 0) + .milliseconds(1500))
        var state = plain(.english)
        state.model.link = link
        var full = Fixtures.chat()
        full.context.model.instant = MonotonicInstant(nanoseconds: 0)
        full.context.model.link = link
        #expect(state.secondsToNextTry == 2 && full.secondsToNextTry == 2)
        #expect(state.enter("/status").lines.first == "Connection: offline · next try in 2 s.")
    }

    @Test func aNameIsAsLongAsOnTheFullScreen() {
        var state = chatting()
        #expect(
            state.enter("/rename " + String(repeating: "n", count: 101))
                == PlainOutput(lines: [state.strings.nameTooLong]))
    }

    @Test(arguments: SlashCommand.all(on: .plain))
    func theManualHasEveryCommandOfIt(_ command: SlashCommand) throws {
        let manual = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("man/mychat.1")
        let text = try String(contentsOf: manual, encoding: .utf8)
        let name = "/" + Language.english.catalogue().words(for: command).names[0]
        #expect(
            text.split(separator: "\n").contains {
                $0.hasPrefix(".It Cm ") && ($0 + " ").contains(name + " ")
            })
    }

    /// Nothing is known of a conversation that was never fetched; it is open all the same.
    @Test func olderMessagesOfAnEmptyConversationAreFetched() {
        var state = plain()
        _ = state.enter("/goto bia")
        _ = state.update(
            .timelineLoaded(
                Timeline(peer: Fixtures.bia, rows: [], hasOlder: false, mayFetchOlder: true), draft: nil))
        #expect(state.enter("/older").effects == [.fetchOlder(Fixtures.bia)])
        #expect(!state.takesLines)
        let found = state.update(.olderFetched(Fixtures.bia, foundMore: true))
        #expect(found == PlainOutput(effects: [PlainConversation.load(Fixtures.bia)]))
        let rows = Array(Fixtures.rows.prefix(2))
        let shown = state.update(.timelineLoaded(Fixtures.timeline(rows, unread: 0), draft: nil))
        #expect(shown.lines.last == "Bia Souza, 14:01: Olá! Tudo bem?" && state.takesLines)
    }

    // MARK: Places

    @Test func aDayIsSaidFromItsFirstMessage() {
        var state = chatting()
        #expect(
            state.enter("/date yesterday").effects == [
                .locate(Fixtures.bia, at: Fixtures.at(0, 0, daysAgo: 1))
            ])
        #expect(!state.takesLines)
        let located = state.update(.located(Fixtures.bia, RowID(2)))
        #expect(located.effects == [.loadWindow(Fixtures.bia, .around(RowID(2)), limit: 20)])
        let rows = state.open?.window.rows
        let said = state.update(
            .windowLoaded(Fixtures.bia, Fixtures.timeline(Array(Fixtures.rows.prefix(4)))))
        #expect(
            said.lines.first == "today · Sunday, 22 November"
                && said.lines.last?.hasPrefix("You, 14:02") == true)
        // What is known of the conversation's end is as before.
        #expect(state.open?.window.rows == rows && state.takesLines)
        #expect(state.enter("/date never").lines == [state.strings.noDate])
        _ = state.enter("/data 2020-01-01")
        #expect(state.update(.located(Fixtures.bia, nil)).lines == [state.strings.noMessageThere])
        #expect(state.takesLines)
    }

    @Test func theEndIsSaidOnceMore() {
        var state = chatting()
        #expect(state.enter("/end").lines.last == "Bia Souza, 14:03: 👍")
        var nowhere = plain()
        #expect(nowhere.enter("/end").lines == [nowhere.strings.plainNobodyOpen])
    }

    @Test func whatWasUnreadIsSaidOnceMore() {
        var state = chatting()
        #expect(state.open?.unreadBegins == RowID(6))
        let said = state.enter("/unread").lines
        #expect(said.contains { $0.contains("👍") })
        #expect(!said.contains { $0.contains("mando o link já") })
        state.open?.unreadBegins = nil
        #expect(state.enter("/novas").lines == [state.strings.nothingUnread])
    }

    /// The line that tells of a gap names a command that works here too.
    @Test func aGapIsFilled() {
        var state = chatting()
        #expect(state.enter("/gap").lines == [state.strings.noGap])
        let row = Fixtures.row(60, from: Fixtures.bia, "depois", at: Fixtures.at(14, 4), isGapAbove: true)
        let told = state.update(.timelineLoaded(Fixtures.timeline([row], unread: 0), draft: nil))
        #expect(told.lines.first == state.strings.gap)
        _ = state.update(.change(.link(.offline(reason: .silence, nextTry: nil))))
        #expect(state.enter("/gap") == PlainOutput(lines: [state.strings.gapNeedsLink]))
        _ = state.update(.change(.link(.online)))
        #expect(state.enter("/gap").effects == [.fillGap(RowID(60), Fixtures.bia)])
        #expect(state.update(.gapFilled(Fixtures.bia, nil)).effects.contains(.open(Fixtures.bia)))
        #expect(state.open?.peer == Fixtures.bia)
    }
}

struct LineReaderTests {
    @Test(arguments: [1, 3, Int.max])
    func linesHoweverTheyAreCut(pieces: Int) {
        let lines = read(Array("olá\n\nsem fim\r\ncom \u{1B}[2Jcontrole\u{7}\nresto".utf8), pieces: pieces)
        #expect(
            lines == [.text("olá"), .text(""), .text("sem fim"), .text("com [2Jcontrole"), .text("resto")])
    }

    /// However long it is, and however it comes: nothing of it is left to be taken for another line.
    @Test(arguments: [1, 4096, Int.max], [1, 5000, LineReader.lineBytesMax])
    func aLineThatIsTooLongIsRefusedWhole(pieces: Int, beyond: Int) {
        let long = [UInt8](repeating: 0x61, count: LineReader.lineBytesMax + beyond)
        let lines = read(Array("a\n".utf8) + long + Array("\nb\n".utf8), pieces: pieces)
        #expect(lines == [.text("a"), .tooLong, .text("b")])
        #expect(read(long, pieces: pieces) == [.tooLong])
    }

    /// The longest message of the longest letters is no too long line.
    @Test func theLongestMessageIsALine() {
        let text = String(repeating: "😀", count: ChatModel.messageLengthMax)
        #expect(read(Array((text + "\n").utf8), pieces: 4096) == [.text(text)])
    }

    @Test(arguments: [1, Int.max])
    func whatIsNoUTF8IsRefused(pieces: Int) {
        let bytes = Array("caf".utf8) + [0xE9, 0x0A] + Array("bom\n".utf8) + [0xC3]
        #expect(read(bytes, pieces: pieces) == [.notText, .text("bom"), .notText])
    }

    private func read(_ bytes: [UInt8], pieces: Int) -> [LineReader.Line] {
        var reader = LineReader()
        var lines: [LineReader.Line] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            reader.receive(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            while let line = reader.next() { lines.append(line) }
        }
        if let line = reader.rest() { lines.append(line) }
        #expect(reader.rest() == nil)
        return lines
    }
}

struct HangingTextTests {
    @Test func whatATerminalWouldBreakStandsBehindTheIndentation() {
        func lines(_ text: String) -> [String] { HangingText.lines(text, columns: 20, indent: "    ") }
        #expect(lines("short") == ["short"])
        #expect(lines("one two three four five six") == ["one two three four", "    five six"])
        let padded = "22:18  Bia  hi" + String(repeating: " ", count: 40) + "22:19  you  I owe you 500"
        #expect(lines(padded).dropFirst().allSatisfy { $0.hasPrefix("    ") })
        #expect(lines(padded).allSatisfy { TextWidth.of($0) <= 20 })
        #expect(
            lines(String(repeating: "日", count: 15))
                == [String(repeating: "日", count: 10), "    " + String(repeating: "日", count: 5)])
        #expect(lines("\u{1B}[1mBia\u{1B}[0m  " + String(repeating: "x", count: 15)).count == 1)
    }
}
