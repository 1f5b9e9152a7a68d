import ChatClientCore
import ChatWire

/// What is asked before it is done, and what follows from the answer.
extension AppState {
    mutating func handleQuestion(_ before: Question, _ key: Key, _ command: Command?) -> [Effect] {
        var question = before
        let answers = question.answers
        if let text = typed(key)?.lowercased() {
            guard question.takesLetters, let answer = answers.first(where: { strings.letter(of: $0) == text })
            else { return [] }
            return answered(question.subject, answer)
        }
        switch command {
        case .accept: return answered(question.subject, answers[question.selection])
        case .edit(.left), .up, .lineUp: question.selection = max(0, question.selection - 1)
        case .edit(.right), .down, .lineDown, .switchPane:
            question.selection = min(answers.count - 1, question.selection + 1)
        case .pageUp: question.scroll = max(0, question.scroll - 1)
        case .pageDown:
            question.scroll = min(question.scroll + 1, QuestionDialog.scrollMax(question, self))
        default: break
        }
        dialog = .question(question)
        return []
    }

    mutating func answered(_ subject: Question.Subject, _ answer: Question.Answer) -> [Effect] {
        dialog = nil
        guard answer != .no else { return [] }
        switch subject {
        case .deleteMessage(let row):
            say(link == .online ? strings.deleted : strings.deletedLater)
            return [.delete(row.id)]
        case .openLink(let link): return [.openLink(link)]
        case .paste(let text, _): return insertPaste(answer == .oneLine ? Self.oneLine(text) : text)
        case .held, .heldFromFormerServer:
            switch answer {
            case .sendAll: return [.sendHeld]
            case .discardAll: return [.discardHeld]
            default: return showOutbox()
            }
        case .removeContact(let peer, let name):
            say(strings.removed(name))
            return [.removeContact(peer)]
        case .deleteConversation(let peer, _):
            say(link == .online ? strings.deleted : strings.deletedLater)
            return [.deleteConversation(peer)]
        }
    }

    private mutating func insertPaste(_ text: String) -> [Effect] {
        open == nil ? [] : insert(text)
    }

    mutating func handleLinks(_ before: LinkPicker, _ command: Command?) -> [Effect] {
        var picker = before
        switch command {
        case .accept:
            dialog = nil
            return [.openLink(picker.links[picker.selection])]
        case .up: picker.selection = max(0, picker.selection - 1)
        case .down, .switchPane: picker.selection = min(picker.links.count - 1, picker.selection + 1)
        default: break
        }
        dialog = .links(picker)
        return []
    }
}
