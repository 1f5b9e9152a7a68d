import ChatClientCore
import ChatWire

/// A command that is written in the composer after a slash.
enum SlashCommand: Hashable, Sendable, CaseIterable {
    case help, quit, find, goTo, next, retry, discard, list, pin, mute, reconnect, signOut

    /// Its names, the one that help shows first; every language's names work in every language.
    func names(_ language: Language) -> [String] {
        let (english, portuguese): ([String], [String]) =
            switch self {
            case .help: (["help"], ["ajuda"])
            case .quit: (["quit", "exit"], ["sair"])
            case .find: (["add", "find"], ["adicionar", "procurar"])
            case .goTo: (["goto"], ["ir"])
            case .next: (["next"], ["proxima", "próxima"])
            case .retry: (["retry"], ["reenviar"])
            case .discard: (["discard"], ["descartar"])
            case .list: (["list"], ["lista"])
            case .pin: (["pin"], ["fixar"])
            case .mute: (["mute"], ["silenciar"])
            case .reconnect: (["reconnect"], ["reconectar"])
            case .signOut: (["signout"], ["sair-da-conta"])
            }
        return language == .english ? english + portuguese : portuguese + english
    }

    init?(name: String) {
        let wanted = name.lowercased()
        guard let command = Self.allCases.first(where: { $0.names(.english).contains(wanted) }) else {
            return nil
        }
        self = command
    }

    /// True where a name or a search may follow.
    var takesArgument: Bool { self == .find || self == .goTo }
}

extension AppState {
    /// Runs the text behind a slash. What names no command stays in the composer, unsent.
    mutating func run(_ line: String) -> [Effect] {
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let name = words.first.map(String.init) ?? ""
        guard !name.isEmpty, let command = SlashCommand(name: name) else {
            say(strings.unknownCommand(name), .warning, for: .seconds(10))
            return []
        }
        let argument = words.count > 1 ? words[1].trimmingSpaces : ""
        remember("/" + line)
        let draft = discardDraft()
        return draft + run(command, argument)
    }

    /// A command's text may have been saved as a draft while it was written.
    private mutating func discardDraft() -> [Effect] {
        guard let opened = open else { return [] }
        let wasSaved = !opened.savedDraft.isEmpty
        emptyComposer()
        return wasSaved ? [.saveDraft("", for: opened.peer)] : []
    }

    private mutating func run(_ command: SlashCommand, _ argument: String) -> [Effect] {
        switch command {
        case .help:
            dialog = .help(scroll: 0)
            return []
        case .quit: return leave(.quit)
        case .find:
            var finder = PeopleFinder()
            finder.query = LineEditor(argument)
            finder = queryChanged(finder)
            if finder.askAt != nil { finder.askAt = instant }
            dialog = .find(finder)
            return askIfDue()
        case .goTo: return goTo(argument)
        case .next: return openNextUnread()
        case .retry: return retryUnsent()
        case .discard: return discardUnsent()
        case .list: return arrangeList(argument)
        case .pin: return togglePinned()
        case .mute: return toggleMuted()
        case .reconnect: return [.reconnect]
        case .signOut: return closeConversation() + [.open(nil), .signOut]
        }
    }

    private mutating func goTo(_ name: String) -> [Effect] {
        var switcher = Switcher()
        switcher.query = LineEditor(name)
        guard !name.isEmpty else {
            dialog = .switcher(switcher)
            return []
        }
        guard let best = switcher.matches(in: conversations).first else {
            say(strings.nobodyNamed(name), .warning)
            return []
        }
        return openConversation(with: best.peer)
    }

    /// The messages of the open conversation that wait for the person.
    private var waitingHere: [TempID] {
        (open?.rows ?? []).filter { $0.state == .failed || $0.state == .held }.compactMap(\.tempID)
    }

    private mutating func retryUnsent() -> [Effect] {
        let waiting = waitingHere
        say(waiting.isEmpty ? strings.nothingToRetry : strings.retried(waiting.count))
        return waiting.isEmpty ? [] : [.retry(waiting)]
    }

    private mutating func discardUnsent() -> [Effect] {
        let waiting = waitingHere
        say(waiting.isEmpty ? strings.nothingToRetry : strings.discarded(waiting.count))
        return waiting.isEmpty ? [] : [.discard(waiting)]
    }

    /// The commands that the composer's text may become.
    var commandSuggestions: [SlashCommand] {
        guard let text = open?.editor.text, text.hasPrefix("/"), !text.hasPrefix("//"),
            !text.contains(where: \.isWhitespace)
        else { return [] }
        let begun = text.dropFirst().lowercased()
        return SlashCommand.allCases.filter { command in
            command.names(strings.language).contains { $0.hasPrefix(begun) }
        }
    }

    /// Completes a command in the composer; false when there is none to complete.
    mutating func completeCommand() -> Bool {
        guard pane == .conversation, let text = open?.editor.text, let command = commandSuggestions.first,
            let name = command.names(strings.language).first(where: {
                $0.hasPrefix(text.dropFirst().lowercased())
            })
        else { return false }
        open?.editor.replace(with: "/" + name + (command.takesArgument ? " " : ""))
        return true
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
