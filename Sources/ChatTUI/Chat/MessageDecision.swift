import ChatClientCore
import ChatWire

/// What a command does to one message, wherever the message was chosen.
struct MessageDecision: Hashable, Sendable {
    var text: String?
    var kind = Notice.Kind.information
    var effects: [Effect] = []
    var dialog: Dialog?
    /// The text of a dropped message, which the composer can yank.
    var kept: String?

    private static func say(_ text: String, _ kind: Notice.Kind = .information) -> MessageDecision {
        MessageDecision(text: text, kind: kind)
    }

    static func copy(_ row: TimelineRow) -> MessageDecision {
        MessageDecision(effects: [.copy(row.content)])
    }

    static func openLink(_ row: TimelineRow, _ context: ScreenContext) -> MessageDecision {
        let links = RichText.links(in: row.content)
        switch links.count {
        case 0: return say(context.strings.noLink)
        case 1: return MessageDecision(dialog: .question(Question(.openLink(links[0]))))
        default: return MessageDecision(dialog: .links(LinkPicker(links: links)))
        }
    }

    /// A sent message is deleted for both sides, after a question; an unsent one is dropped at once.
    static func delete(_ row: TimelineRow, _ context: ScreenContext) -> MessageDecision {
        guard row.isMine else { return say(context.strings.onlyOwnAreDeleted, .warning) }
        guard row.state.isUnsent else {
            return MessageDecision(dialog: .question(Question(.deleteMessage(row))))
        }
        guard let tempID = row.tempID else { return MessageDecision() }
        let isOnItsWay = row.state == .sending || row.state == .unknown
        let words =
            isOnItsWay
            ? context.strings.cancelledWhenKnown
            : context.strings.dropped(yank: context.keyName(.edit(.yank)))
        return MessageDecision(text: words, effects: [.discard([tempID])], kept: row.content)
    }

    static func retry(_ row: TimelineRow, _ context: ScreenContext) -> MessageDecision {
        let strings = context.strings
        guard let tempID = row.tempID, [.failed, .held, .queued].contains(row.state) else {
            return say(row.state.isUnsent ? strings.onItsWay : strings.nothingToRetry)
        }
        return MessageDecision(text: strings.retried(1), effects: [.retry([tempID])])
    }

    static func sendAsNew(_ row: TimelineRow, _ context: ScreenContext) -> MessageDecision {
        guard let tempID = row.tempID, row.state == .failed || row.state == .held else {
            return say(context.strings.onlyWaitingAsNew)
        }
        return MessageDecision(text: context.strings.retried(1), effects: [.sendAsNew(tempID)])
    }
}

/// A message as it is quoted in an answer to it.
enum Quote {
    private static let linesMax = 10

    /// Each line after `> `, and a line break at the end; a long message is cut.
    static func of(_ content: String) -> String {
        let lines = content.split(separator: "\n", omittingEmptySubsequences: false)
        var quoted = lines.prefix(linesMax).map { "> " + $0 }
        if lines.count > linesMax { quoted.append("> …") }
        return quoted.joined(separator: "\n") + "\n"
    }
}
