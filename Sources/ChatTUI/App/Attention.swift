import ChatClientCore
import ChatWire

/// Whether somebody looks at the screen, and how to call a person who does not.
struct Attention: Hashable, Sendable {
    var alerts = Alerts()
    /// False while the terminal says that the keyboard is elsewhere.
    private(set) var hasFocus = true
    /// When the person last pressed a key.
    private(set) var lastKey: MonotonicInstant
    /// True until a key shows that somebody is there: at the start, and after another program had the terminal.
    var awaitsKey = true

    /// Long enough to follow a conversation without writing, shorter than a lunch.
    static let watchedAfterKey: Duration = .seconds(300)

    init(at instant: MonotonicInstant) { lastKey = instant }

    /// Takes note of something that only a person does. A terminal that had reported the loss of focus was wrong,
    /// or its report of the return was lost, as happens in multiplexers. It is not relied on until it reports again.
    mutating func touched(at instant: MonotonicInstant) {
        alerts.keyPressed(at: instant)
        lastKey = instant
        awaitsKey = false
        guard !hasFocus else { return }
        hasFocus = true
        alerts.focusWasUntrue()
    }

    mutating func focusChanged(_ hasFocus: Bool) {
        self.hasFocus = hasFocus
        alerts.focusTold()
    }

    /// True while the person is taken to look at the screen. Nobody is before the first key. After that the
    /// terminal's reports decide; a terminal that never reports counts as watched for a while after each key.
    func isWatched(at instant: MonotonicInstant) -> Bool {
        guard !awaitsKey else { return false }
        return alerts.tellsFocus ? hasFocus : instant - lastKey < Self.watchedAfterKey
    }

    /// True when the first unread message of a conversation should call the person.
    mutating func calls(_ peer: UserID, at instant: MonotonicInstant) -> Bool {
        alerts.isAway(hasFocus: hasFocus, at: instant) && alerts.call(peer)
    }
}
