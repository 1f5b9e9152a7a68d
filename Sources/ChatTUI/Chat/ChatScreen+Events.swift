import ChatClientCore
import ChatWire

/// The client's news about conversations, and what is reported back about reading.
extension ChatScreen {
    /// Takes news of a conversation; what is not about the open one is too late.
    mutating func take(
        _ peer: UserID, _ context: inout ScreenContext,
        _ body: (inout OpenConversation, inout ScreenContext, _ isCovered: Bool) -> [Effect]
    ) -> [Effect] {
        guard var open = panes.open, open.peer == peer else { return [] }
        // Taken out, so that its rows are not copied when they are changed.
        panes.open = nil
        defer { panes.open = open }
        return body(&open, &context, dialog != nil)
    }

    /// Takes the answer to what the dialog asked; the rest of a search that was left goes to its trail.
    mutating func take(_ answer: DialogAnswer, _ context: inout ScreenContext) -> [Effect] {
        if let effects = dialog?.take(answer, context) { return effects }
        switch answer {
        case .hits(let question, let page, isMore: true):
            return dialog == nil ? panes.takeMoreHits(question, page, &context) : []
        case .searchFailed(let error): context.say(context.strings.error(error), .error)
        case .hits, .outbox, .people, .findFailed: break
        }
        return []
    }

    /// Shows the client's notice, unless the person sees the matter anyway.
    mutating func show(_ notice: ChatNotice, _ context: inout ScreenContext) {
        held.take(notice)
        context.show(notice, open: panes.open?.peer)
    }

    // MARK: Reading

    /// What a person had in view when they did something; nil when nothing is unread there.
    func inView(before event: AppEvent, _ context: ScreenContext) -> OpenConversation.View? {
        guard case .input(let input) = event, input.isFromPerson, dialog == nil,
            let view = panes.open?.inView(context), completions(context) == nil
        else { return nil }
        return view
    }

    /// To be called after each event: see ``OpenConversation/settle(_:_:_:)``.
    mutating func settle(
        _ before: OpenConversation.View?, isShown: Bool, _ context: inout ScreenContext
    ) -> [Effect] {
        let cover: OpenConversation.Cover =
            !isShown ? .otherScreen : dialog != nil ? .dialog : completions(context) != nil ? .list : .nothing
        return panes.open?.settle(before, under: cover, &context) ?? []
    }
}

extension InputEvent {
    /// True for what only a person does; the rest comes from the terminal itself.
    var isFromPerson: Bool {
        switch self {
        case .key, .mouse, .paste: true
        case .focus, .background: false
        }
    }
}
