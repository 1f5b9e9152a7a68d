import ChatClientCore
import ChatTUI
import ChatWire

/// The headless scene in words.
struct SceneText: Sendable {
    let output: any OutputSink
    let strings: any CommandCatalogue
    let ink: Ink
    let partnerName: String

    private var history: HistoryText {
        HistoryText(strings: strings, ink: ink, peerName: partnerName)
    }

    func title(server: ServerURL, newcomer: DemoServer.Person) {
        let who = strings.who(newcomer.name, newcomer.email)
        say(ink.bold(strings.demoTitle))
        say(strings.demoServer(server, who))
        say("")
        say(ink.bold(strings.conversation(with: CleanLine(partnerName))))
    }

    func past(_ rows: [TimelineRow]) {
        for line in history.lines(rows) { say(line) }
        say("")
    }

    func message(_ row: TimelineRow) {
        for line in history.message(row) { say(line) }
    }

    func stateChanged(_ row: TimelineRow) {
        let words = Sanitizer.line(row.content)
        let quoted = TextWidth.truncated(words, to: 24)
        let state = "\(row.state.symbol) \(strings.state(row.state))"
        say("         " + ink.faint("“\(quoted)” ") + (row.state == .read ? ink.good(state) : state))
    }

    func partnerTypes() {
        let name = Sanitizer.line(partnerName)
        say("         " + ink.faint(strings.typing(name, true)))
    }

    func partnerIs(_ presence: Presence) {
        let name = CleanLine(partnerName)
        switch presence {
        case .online: say(ink.good("  ● " + strings.isOnline(name)))
        case .offline: say(ink.faint("  ○ " + strings.isOffline(name)))
        case .unknown: break
        }
    }

    func unread(_ conversation: Conversation) {
        let name = Sanitizer.line(conversation.name)
        let preview = Sanitizer.line(conversation.preview ?? "")
        let count = strings.demoUnread(conversation.unread)
        say("  » " + ink.bold(name) + " (\(count)): " + preview)
    }

    func finished() {
        say("")
        say(strings.demoFinished)
    }

    private func say(_ line: String) {
        output.write(line + "\n", to: .standardOutput)
    }
}
