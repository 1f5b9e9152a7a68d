import ChatClientCore
import ChatWire

/// Calls a person who looks elsewhere: the bell and notifications, once per conversation until it was read.
struct Alerts: Hashable, Sendable {
    /// How notifications are shown, if at all.
    enum Way: Hashable, Sendable {
        case off
        case terminal(NotificationProtocol)
        /// By a program of the desktop.
        case desktop
    }

    var ringsBell = true
    var way = Way.off
    var setsTitle = true
    /// The conversations that called the person, each with whether the list has shown the message since.
    private var calledOut: [UserID: Bool] = [:]
    /// True once the terminal has reported focus. Other terminals count as left alone a while after the last key.
    private(set) var tellsFocus = false
    private var lastKey: MonotonicInstant?

    private static let awayAfter: Duration = .seconds(60)

    init() {}

    mutating func keyPressed(at instant: MonotonicInstant) { lastKey = instant }

    mutating func focusTold() { tellsFocus = true }

    /// A key came while the terminal said that the keyboard was elsewhere.
    mutating func focusWasUntrue() { tellsFocus = false }

    /// True when the person is taken to look at something else.
    func isAway(hasFocus: Bool, at instant: MonotonicInstant) -> Bool {
        if tellsFocus { return !hasFocus }
        guard let lastKey else { return true }
        return instant - lastKey >= Self.awayAfter
    }

    /// True when this message should call the person: the first since its conversation was read.
    mutating func call(_ peer: UserID) -> Bool {
        guard calledOut[peer] == nil else { return false }
        calledOut[peer] = false
        return true
    }

    /// A conversation that has been read may call again.
    mutating func read(_ peer: UserID) { calledOut[peer] = nil }

    /// Conversations that were read elsewhere may call again. The list may be older than the message that
    /// was called out, so it counts from the second time on.
    mutating func listed(_ conversations: [Conversation]) {
        for conversation in conversations {
            guard let wasListed = calledOut[conversation.peer] else { continue }
            if conversation.unread > 0 {
                calledOut[conversation.peer] = true
            } else if wasListed {
                calledOut[conversation.peer] = nil
            }
        }
    }
}
