import ChatClientCore
import ChatWire

/// The client's news about conversations, and what is reported back about reading.
extension ChatScreen {
    mutating func take(
        _ timeline: Timeline, draft: String?, _ context: inout ScreenContext
    ) -> [Effect] {
        guard panes.open?.peer == timeline.peer else { return [] }
        return panes.open?.take(timeline, draft: draft, isCovered: dialog != nil, &context) ?? []
    }

    mutating func takeWindow(
        _ peer: UserID, _ timeline: Timeline?, _ context: inout ScreenContext
    ) -> [Effect] {
        guard panes.open?.peer == peer else { return [] }
        return panes.open?.takeWindow(timeline, isCovered: dialog != nil, &context) ?? []
    }

    mutating func olderFetched(_ peer: UserID, _ foundMore: Bool) {
        guard panes.open?.peer == peer else { return }
        panes.open?.window.olderFetched(foundMore)
    }

    /// Shows the client's notice, unless the person sees the matter anyway.
    mutating func show(_ notice: ChatNotice, _ context: inout ScreenContext) {
        switch notice {
        case .received(let person, _, let content, let isOpen):
            guard !isOpen || panes.open?.peer != person.id else { return }
            // The list shows the message too; a problem that is being read is nowhere else.
            guard context.notice?.kind.isProblem != true else { return }
            let name = context.displayName(of: person.id, or: person.name)
            context.say(context.strings.received(name, content), .news)
        case .sendFailed(let peer, _, _) where panes.open?.peer == peer: return
        case .held(let count): hold(count)
        case .formerServer(_, let held): holdFormer(held)
        case .goneFromServer(let count): holdFormer(count)
        case .sendFailed, .signInAgain, .inUseElsewhere, .cacheSetAside, .contactChangeRefused,
            .conversationKept, .storage, .serverError:
            break
        }
        guard let words = context.model.words(for: notice) else { return }
        context.say(words, notice.weight.kind, for: notice.weight.duration)
    }

    // MARK: Reading

    /// What a person had in view when they did something; nil when nothing is unread there.
    func inView(before event: AppEvent, _ context: ScreenContext) -> OpenConversation.View? {
        guard case .input(let input) = event, input.isFromPerson, let open = panes.open,
            open.window.unread > 0, dialog == nil, open.isOnScreen(context), completions(context) == nil
        else { return nil }
        return open.inView(context)
    }

    /// To be called after each event: leads to the unread line, reports what was read, and loads what is near.
    ///
    /// - Parameters:
    ///   - before: what was in view before the event.
    ///   - isShown: false while the first screen is shown instead.
    mutating func settle(
        _ before: OpenConversation.View?, isShown: Bool, _ context: inout ScreenContext
    ) -> [Effect] {
        var effects = isShown ? panes.open?.leadToUnread(context) ?? [] : []
        let isOnScreen = isShown && panes.open?.isOnScreen(context) == true
        if context.departure.reason == nil {
            effects += panes.open?.tellAttention(isOnScreen: isOnScreen, context) ?? []
            if isOnScreen, dialog == nil, context.isWatched, panes.open?.window.isLoaded == true {
                let isCompleting = completions(context) != nil
                effects += panes.open?.markReadIfSeen(before, isCompleting: isCompleting, &context) ?? []
            }
        }
        effects += panes.open?.loadNeighboursIfNear(context) ?? []
        return effects
    }
}
