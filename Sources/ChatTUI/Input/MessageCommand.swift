/// What a key can do while a message is chosen.
enum MessageCommand: Hashable, Sendable, CaseIterable {
    case previous, next, pageUp, pageDown, first, last, previousDay, nextDay
    case copy, quote, openLink, details
    /// Takes the message away: a sent one for both sides, an unsent one from the outbox.
    case delete
    case retry, edit, sendAsNew
    /// Searches the conversation, and goes through what was found.
    case search, nextHit, previousHit
    case unreadLine
    case fillGap
    case leave
}
