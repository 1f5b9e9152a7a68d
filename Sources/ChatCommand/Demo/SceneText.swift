import ChatClientCore
import ChatTUI
import ChatWire

/// The headless scene in words.
struct SceneText: Sendable {
    let output: any OutputSink
    let strings: CommandStrings
    let ink: Ink
    let partnerName: String

    private var history: HistoryText {
        HistoryText(strings: strings, ink: ink, peerName: partnerName)
    }

    func title(server: ServerURL, newcomer: DemoServer.Person) {
        let who = strings.person(newcomer.name, newcomer.email)
        say(ink.bold(strings.pick("MyChat, a demonstration", "MyChat, uma demonstração")))
        say(strings.pick("server \(server), signed in as \(who)", "servidor \(server), conta de \(who)"))
        say("")
        let name = Sanitizer.line(partnerName)
        say(ink.bold(strings.pick("Conversation with \(name)", "Conversa com \(name)")))
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
        say("         " + ink.faint(strings.pick("\(name) is typing…", "\(name) está digitando…")))
    }

    func partnerIs(_ presence: Presence) {
        let name = Sanitizer.line(partnerName)
        switch presence {
        case .online: say(ink.good("  ● " + strings.pick("\(name) is online", "\(name) está online")))
        case .offline: say(ink.faint("  ○ " + strings.pick("\(name) is offline", "\(name) está offline")))
        case .unknown: break
        }
    }

    func unread(_ conversation: Conversation) {
        let name = Sanitizer.line(conversation.name)
        let preview = Sanitizer.line(conversation.preview ?? "")
        let count = strings.pick("\(conversation.unread) unread", "\(conversation.unread) não lidas")
        say("  » " + ink.bold(name) + " (\(count)): " + preview)
    }

    func finished() {
        say("")
        say(
            strings.pick(
                "That was it. In a terminal, 'mychat demo' opens the client itself.",
                "Foi isso. Em um terminal, 'mychat demo' abre o próprio cliente."))
    }

    private func say(_ line: String) {
        output.write(line + "\n", to: .standardOutput)
    }
}
