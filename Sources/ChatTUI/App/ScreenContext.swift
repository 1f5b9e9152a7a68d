import ChatClientCore
import ChatWire

/// Which of the two panes has the keyboard; in a narrow terminal, which one is shown.
enum Pane: Hashable, Sendable {
    case list
    case conversation
}

/// What all parts of the screen have in common: the client's news, the terminal, and the line for notices.
struct ScreenContext: Sendable, ShowsModel {
    var model: ChatModel

    // The terminal
    var size: Size
    let colours: ColourDepth
    var theme: Theme
    /// True when the theme follows the terminal's background.
    var followsBackground = false
    var symbols: Symbols

    // The arrangement
    var pane: Pane = .conversation
    var preferences = ScreenPreferences.standard

    var attention: Attention
    var notice: Notice?
    var departure = Departure()

    init(model: ChatModel, size: Size, theme: ThemeName, colours: ColourDepth, ascii: Bool) {
        self.model = model
        self.size = size
        self.colours = colours
        self.theme = Theme(theme, colours: colours)
        // Lines and circles are of ambiguous width, which a terminal may draw over two columns.
        symbols = ascii || TextWidth.ambiguousIsWide ? .ascii : .unicode
        attention = Attention(at: model.instant)
    }

    var isWatched: Bool { attention.isWatched(at: instant) }

    mutating func say(
        _ text: String, _ kind: Notice.Kind = .information, for duration: Duration = .seconds(6)
    ) {
        notice = Notice(text: text, kind: kind, until: instant + duration)
    }

    /// Says what a command leads to, and returns its effects.
    mutating func take(_ reply: CommandReply) -> [Effect] {
        if let text = reply.text { say(text, reply.isRefusal ? .warning : .information) }
        return reply.effects
    }

    /// Takes the terminal's answer about its background colour, 16 bits a channel.
    mutating func takeBackground(red: UInt16, green: UInt16, blue: UInt16) {
        guard followsBackground else { return }
        // Perceived brightness, by the weights of ITU-R BT.601.
        let brightness = (299 * Int(red) + 587 * Int(green) + 114 * Int(blue)) / 1000
        theme = Theme(brightness > 0x7FFF ? .light : .dark, colours: colours)
    }

    /// Shows the client's notice, unless the open conversation shows the matter anyway.
    mutating func show(_ notice: ChatNotice, open: UserID?) {
        switch notice {
        case .received(let person, _, let content, let isOpen):
            // The list shows the message too; a problem that is being read is nowhere else.
            guard !isOpen || open != person.id, self.notice?.kind.isProblem != true else { return }
            say(strings.received(displayName(of: person.id, or: person.name), content), .news)
        case .sendFailed(let peer, _, _) where open == peer: return
        case .sendFailed, .held, .formerServer, .goneFromServer, .signInAgain, .sessionEnded,
            .inUseElsewhere, .cacheSetAside, .contactChangeRefused, .conversationKept, .storage, .serverError:
            guard let words = model.words(for: notice) else { return }
            say(words, notice.weight.kind, for: notice.weight.duration)
        }
    }

    /// Calls a person who looks elsewhere when a message has arrived.
    mutating func alert(_ person: Person, _ content: String) -> [Effect] {
        let isMuted = conversation(with: person.id)?.isMuted ?? false
        guard !isMuted, attention.calls(person.id, at: instant) else { return [] }
        let alerts = attention.alerts
        var effects: [Effect] = alerts.ringsBell ? [.tell(.bell)] : []
        let name = displayName(of: person.id, or: person.name)
        switch alerts.way {
        case .off: break
        case .terminal(let way): effects.append(.tell(.notification(way, title: name, body: content)))
        case .desktop:
            effects.append(
                .notify(title: Sanitizer.line(name), body: Sanitizer.line(String(content.prefix(500)))))
        }
        return effects
    }
}
