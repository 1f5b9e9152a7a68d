import ChatTUI
import ChatWire

/// The behaviour of Bia, the partner in the demo: events go in, her actions come out.
///
/// She plays one scene by herself: she reads, types, greets, a friend writes, she explains the marks, leaves for a
/// coffee and comes back. In between she answers what the newcomer writes. The agenda is one list of steps, each some
/// time after the previous one; answers go before the rest of the scene. The script knows no clock and no network: a
/// driver passes in the time and carries out its actions.
///
/// With `Pace.human` the steps happen by time. With `Pace.cued` each happens on its cue, so that the director can
/// first see the effect of the previous one. This is how the scene plays without a terminal, quickly and always in
/// the same order.
struct PartnerScript: Sendable {
    enum Pace: Hashable, Sendable {
        case human
        case cued
    }

    enum Event: Hashable, Sendable {
        /// The newcomer's client is ready and the partner is online.
        case began
        /// The newcomer wrote these texts, oldest first; several when the partner was away.
        case received([String])
        /// The newcomer began or stopped typing.
        case newcomerTyping(Bool)
        /// The deadline has passed.
        case time
        /// The director asks for the next step. It has no effect at human pace.
        case cue
    }

    enum Action: Hashable, Sendable {
        /// Read to the end of the conversation.
        case read
        case startTyping
        case stopTyping
        case say(String)
        /// End the link, and connect again.
        case goOffline
        case comeOnline
        /// Let another person write this to the newcomer, once.
        case letFriendWrite(String)
    }

    /// When the next step is due; nil when there is none, or when it waits for its cue.
    private(set) var deadline: MonotonicInstant?
    /// Whether the partner has left and not come back yet.
    private(set) var isAway = false
    /// The newcomer's language, as far as it is known.
    private(set) var language: Language

    private let pace: Pace
    private var agenda: [Step] = []
    private var replies: PartnerReplies
    private var isTyping = false
    private var courtesy = 0

    /// A script for a newcomer with the name `newcomer` (the first name is used), in the language of their screen
    /// until they write in another one.
    init(newcomer: String, language: Language, pace: Pace) {
        self.language = language
        self.pace = pace
        replies = PartnerReplies(newcomer: newcomer)
    }

    /// True when nothing is left to do until the newcomer writes.
    var isIdle: Bool { agenda.isEmpty }

    /// The next step, for a director who waits for its effect.
    var next: Step.Kind? { agenda.first?.kind }

    /// Takes an event and returns the actions, in order.
    mutating func receive(_ event: Event, at now: MonotonicInstant) -> [Action] {
        switch event {
        case .began:
            agenda = Self.scene
            schedule(from: now)
            return []
        case .received(let texts):
            answer(texts, at: now)
            return []
        case .newcomerTyping(let isTyping):
            if isTyping { waitForNewcomer(at: now) }
            return []
        case .time:
            guard pace == .human, let deadline, deadline <= now else { return [] }
            return takeStep(at: now)
        case .cue:
            return pace == .cued ? takeStep(at: now) : []
        }
    }
}

extension PartnerScript {
    /// One step of the agenda.
    struct Step: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case read
            case startTyping
            case sayLine(PartnerLine)
            case sayReply(String)
            case goOffline
            case comeOnline
            case friendWrites
        }

        /// The delay after the previous step, at human pace.
        var delay: Duration
        var kind: Kind
        /// Whether it is part of an answer, not of the scene.
        var isReply = false
    }

    /// The scene without any answers; it takes about three quarters of a minute.
    private static let scene: [Step] = [
        Step(delay: .milliseconds(2000), kind: .read),
        Step(delay: .milliseconds(1200), kind: .startTyping),
        Step(delay: .milliseconds(3000), kind: .sayLine(.welcome)),
        Step(delay: .milliseconds(3000), kind: .friendWrites),
        Step(delay: .milliseconds(4000), kind: .startTyping),
        Step(delay: .milliseconds(4000), kind: .sayLine(.marks)),
        Step(delay: .milliseconds(13000), kind: .startTyping),
        Step(delay: .milliseconds(2500), kind: .sayLine(.leaving)),
        Step(delay: .milliseconds(1500), kind: .goOffline),
        Step(delay: .milliseconds(9000), kind: .comeOnline),
        Step(delay: .milliseconds(1500), kind: .startTyping),
        Step(delay: .milliseconds(2500), kind: .sayLine(.back)),
    ]

    /// The shortest pause between an answer and the rest of the scene.
    private static let pauseAfterReply = Duration.milliseconds(4000)
    /// How often in a row the scene waits because the newcomer is typing.
    private static let courtesyMax = 5
    private static let courtesyPause = Duration.milliseconds(4000)

    private mutating func takeStep(at now: MonotonicInstant) -> [Action] {
        guard !agenda.isEmpty else { return [] }
        let step = agenda.removeFirst()
        courtesy = 0
        let actions = perform(step.kind)
        if step.isReply, let first = agenda.first, !first.isReply {
            agenda[0].delay = max(first.delay, Self.pauseAfterReply)
        }
        schedule(from: now)
        return actions
    }

    private mutating func perform(_ kind: Step.Kind) -> [Action] {
        switch kind {
        case .read:
            return [.read]
        case .startTyping:
            isTyping = true
            return [.startTyping]
        case .sayLine(let line):
            isTyping = false
            return [.stopTyping, .say(language.partner.text(line, newcomer: replies.newcomer))]
        case .sayReply(let text):
            isTyping = false
            return [.stopTyping, .say(text)]
        case .goOffline:
            isAway = true
            return [.goOffline]
        case .comeOnline:
            isAway = false
            return [.comeOnline]
        case .friendWrites:
            return [.letFriendWrite(language.partner.text(.friend, newcomer: replies.newcomer))]
        }
    }

    private mutating func schedule(from now: MonotonicInstant) {
        deadline = pace == .human ? agenda.first.map { now + $0.delay } : nil
    }

    /// Inserts an answer before the scene, and the reading of the texts before the answer.
    private mutating func answer(_ texts: [String], at now: MonotonicInstant) {
        guard let newest = texts.last else { return }
        language = NewcomerLanguage.detect(in: newest, otherwise: language)
        let reply = replies.reply(to: newest, in: language)
        let saying = Step(delay: Self.typingTime(of: reply), kind: .sayReply(reply), isReply: true)
        if let waiting = agenda.firstIndex(where: \.isUnbegunReply) {
            // Three lines in a row get one answer, to the last.
            agenda[waiting + 1] = saying
        } else {
            let typing = Step(delay: .milliseconds(700), kind: .startTyping, isReply: true)
            agenda.insert(contentsOf: [typing, saying], at: placeForAnswer)
        }
        guard !agenda.contains(where: \.isReadingForReply) else { return }
        let place = placeForReading
        agenda.insert(Step(delay: .milliseconds(900), kind: .read, isReply: true), at: place)
        if place == 0 { schedule(from: now) }
    }

    /// A line that is being typed is said first, and a partner who returns says so first.
    private var placeForAnswer: Int {
        let isLeaving = agenda.contains { $0.kind == .goOffline }
        if !isLeaving, let back = agenda.firstIndex(where: { $0.kind == .sayLine(.back) }) { return back + 1 }
        return isTyping ? 1 : 0
    }

    /// Reading does not wait for the scene, but only a present partner can read.
    private var placeForReading: Int {
        if isAway, let coming = agenda.firstIndex(where: { $0.kind == .comeOnline }) { return coming + 1 }
        return isTyping ? 1 : 0
    }

    private mutating func waitForNewcomer(at now: MonotonicInstant) {
        guard let first = agenda.first, !first.isReply, !isTyping, !isAway, courtesy < Self.courtesyMax,
            let deadline
        else { return }
        courtesy += 1
        self.deadline = max(deadline, now + Self.courtesyPause)
    }

    /// Fast typing, and never longer than a person likes to wait.
    private static func typingTime(of text: String) -> Duration {
        .milliseconds(min(4500, 1200 + 35 * text.count))
    }
}

extension PartnerScript.Step {
    /// The beginning of an answer that is not being typed yet.
    fileprivate var isUnbegunReply: Bool { isReply && kind == .startTyping }

    fileprivate var isReadingForReply: Bool { isReply && kind == .read }
}
