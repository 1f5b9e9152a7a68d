import ChatClientCore
import ChatWire
import Glibc

/// The main loop: waits for keys, events, signals and deadlines, updates the state, and
/// draws it. Runs on the thread that calls `run`.
final class Program {
    private let terminal: any Terminal
    private let mailbox: EventMailbox
    private let runner: EffectRunner
    private let signals: any SignalSource
    private let environment: [String: String]
    private var state: AppState
    private var decoder: KeyDecoder
    private var pacing = FramePacing()
    private var hasPainted = false
    /// Events wait in the mailbox until a frame can show them.
    private var newsWait = false
    private var lastTitle: String?
    private var lostTerminal = false

    /// How long the first frame may wait for the cache.
    private static let firstPaintDelay: Duration = .milliseconds(150)
    private let startedAt = SystemClock.instant

    init(
        client: ChatClient, terminal: any Terminal, signals: any SignalSource, environment: [String: String],
        state: AppState, services: TerminalServices
    ) throws(TerminalError) {
        self.terminal = terminal
        self.signals = signals
        self.environment = environment
        self.state = state
        decoder = KeyDecoder(environment: environment)
        self.state.chat.keys.escapeDelay = decoder.escapeDelay
        mailbox = try EventMailbox()
        runner = EffectRunner(client: client, mailbox: mailbox, services: services)
    }

    func run() -> TerminalExit {
        runner.enqueue(.start)
        if state.context.followsBackground {
            attempt { () throws(TerminalError) in try terminal.askBackground() }
        }
        defer { runner.stop() }
        while true {
            if let exit = keepToForeground() ?? paintIfDue() { return exit }
            let ready = wait()
            tellTime()
            if let exit = take(ready) { return exit }
        }
    }

    private struct Ready {
        var input = false
        var isHungUp = false
        var signals = false
    }

    // MARK: Waiting

    private func wait() -> Ready {
        var descriptors = [
            pollfd(fd: newsWait ? -1 : mailbox.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: lostTerminal ? -1 : terminal.inputDescriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 3, timeout()) > 0 else { return Ready() }
        if descriptors[0].revents != 0 { newsWait = true }
        let input = Int32(descriptors[2].revents)
        return Ready(
            input: input & POLLIN != 0, isHungUp: input & (POLLHUP | POLLERR | POLLNVAL) != 0,
            signals: descriptors[1].revents != 0)
    }

    /// Milliseconds to the next thing that happens by itself.
    private func timeout() -> Int32 {
        let now = SystemClock.instant
        var deadline = state.nextDeadline
        for candidate in [decoder.deadline, paintDeadline, newsWait ? pacing.newsDue : nil] {
            if let candidate { deadline = min(deadline ?? candidate, candidate) }
        }
        guard let deadline else { return -1 }
        let nanoseconds = (deadline - now).saturatedNanoseconds
        return Int32(clamping: max(0, (nanoseconds + 999_999) / 1_000_000))
    }

    private func tellTime() {
        state.context.model.instant = SystemClock.instant
        state.context.model.now = SystemClock.now
    }

    // MARK: Events

    private func take(_ ready: Ready) -> TerminalExit? {
        var exit: TerminalExit?
        if ready.signals {
            // Taking the terminal again discards what was typed: a read would wait for more.
            exit = takeSignals()
        } else if ready.input || ready.isHungUp {
            exit = takeInput()
        }
        if exit == nil {
            let events = decoder.expire(now: state.instant)
            if !events.isEmpty { exit = takeTyped(events) }
        }
        let hasNews = newsWait && state.instant >= pacing.newsDue
        if exit == nil, hasNews {
            newsWait = false
            pacing.tookNews(at: state.instant)
            for event in mailbox.take() where exit == nil { exit = update(event) }
        }
        if exit == nil, let deadline = state.nextDeadline, state.instant >= deadline { exit = update(.tick) }
        if exit == nil, !ready.input, !ready.signals, !hasNews, !newsWait {
            // Countdowns and the date change without any event.
            exit = update(.tick)
        }
        return exit
    }

    private func takeInput() -> TerminalExit? {
        do throws(TerminalError) {
            let bytes = try terminal.read()
            // In the background nothing can be read, and nothing is lost.
            guard !bytes.isEmpty else { return terminal.isForeground ? loseTerminal() : nil }
            return takeTyped(decoder.receive(bytes, now: state.instant))
        } catch {
            return loseTerminal()
        }
    }

    private func takeTyped(_ events: [InputEvent]) -> TerminalExit? {
        pacing.want(.input)
        for event in events {
            if let exit = update(.input(event)) { return exit }
        }
        return nil
    }

    private func takeSignals(except ignored: Set<Int32> = []) -> TerminalExit? {
        for signal in signals.take() where !ignored.contains(signal) {
            let exit: TerminalExit?
            switch signal {
            case SIGWINCH: exit = update(.resized(terminal.size))
            case SIGCONT: exit = resume()
            case SIGTSTP: exit = perform(.suspend)
            case SIGHUP: exit = loseTerminal()
            default: exit = update(.signal(signal))
            }
            if let exit { return exit }
        }
        return nil
    }

    private func loseTerminal() -> TerminalExit? {
        lostTerminal = true
        return update(.terminalLost)
    }

    private func update(_ event: AppEvent) -> TerminalExit? {
        let effects = state.update(event)
        pacing.want(.news)
        for effect in effects {
            if let exit = perform(effect) { return exit }
        }
        return nil
    }

    private func perform(_ effect: Effect) -> TerminalExit? {
        switch effect {
        case .leave(let exit): return exit
        case .redraw: return redraw()
        case .askBackground: attempt { () throws(TerminalError) in try terminal.askBackground() }
        case .tell(let message): attempt { () throws(TerminalError) in try terminal.tell(message) }
        case .suspend: return suspend()
        case .copy(let text): return copy(text)
        case .editExternally(let text): return editExternally(text)
        case .openLink(let link): return update(.linkOpened(Browser.open(link, environment: environment)))
        default: runner.enqueue(effect)
        }
        return nil
    }

    /// The terminal is the editor's until it ends.
    private func editExternally(_ text: String) -> TerminalExit? {
        terminal.restore()
        let outcome = ExternalEditor.edit(text, environment: environment)
        attempt { () throws(TerminalError) in try terminal.enter() }
        lastTitle = nil
        // Signals that stopped and woke the editor are over.
        let exit = takeSignals(except: [SIGTSTP, SIGCONT])
        return exit ?? update(.resized(terminal.size)) ?? update(.editedExternally(outcome))
    }

    private func copy(_ text: String) -> TerminalExit? {
        let route = ClipboardRoute(environment: environment)
        let isInBuffer = TmuxBuffer.isHere(environment) && TmuxBuffer.load(text, environment: environment)
        if isInBuffer, route == .tmux { return update(.copied(.inTmuxBuffer)) }
        var isTold = false
        attempt { () throws(TerminalError) in isTold = try terminal.tell(.clipboard(text, by: route)) }
        return update(.copied(isTold ? .handedOver(route) : isInBuffer ? .inTmuxBuffer : .refused))
    }

    // MARK: Stopping and going on

    /// Stops the whole foreground job, as the terminal does for Ctrl-Z elsewhere; nothing where nobody could wake it.
    private func suspend() -> TerminalExit? {
        guard JobControl.canStop, state.context.departure.reason == nil, !lostTerminal else { return nil }
        terminal.restore()
        JobControl.stop()
        // The signal that wakes the program may end it, and that must not wait for the foreground.
        signals.wait(milliseconds: Self.wakingDelay)
        if let exit = takeSignals(except: [SIGTSTP, SIGCONT]) { return exit }
        guard state.context.departure.reason == nil else {
            // It is given back already.
            lostTerminal = true
            return nil
        }
        attempt { () throws(TerminalError) in try terminal.enter() }
        return redraw()
    }

    /// In milliseconds: how long the signal that woke us may take to be told on a busy machine.
    private static let wakingDelay: Int32 = 2000

    /// Whoever stopped us from outside left the terminal to another program, with other modes.
    private func resume() -> TerminalExit? {
        guard state.context.departure.reason == nil, !lostTerminal else { return nil }
        attempt { () throws(TerminalError) in try terminal.resume() }
        return redraw()
    }

    private func redraw() -> TerminalExit? {
        lastTitle = nil
        terminal.invalidate()
        return update(.resized(terminal.size))
    }

    /// In the background nothing is drawn or read: there the program stops, or ends if it was leaving.
    private func keepToForeground() -> TerminalExit? {
        guard !lostTerminal, !terminal.isForeground else { return nil }
        guard state.context.departure.reason == nil else {
            lostTerminal = true
            return nil
        }
        // A signal has woken the program; one that ends it comes first.
        signals.wait(milliseconds: Self.wakingDelay)
        if let exit = takeSignals() { return exit }
        return state.context.departure.reason == nil && !terminal.isForeground ? resume() : nil
    }

    // MARK: Painting

    /// The first frame waits for what it shows, but not for long.
    private var paintDeadline: MonotonicInstant? {
        guard let due = pacing.due, !lostTerminal else { return nil }
        return hasPainted || state.isReadyToShow ? due : max(due, startedAt + Self.firstPaintDelay)
    }

    private func paintIfDue() -> TerminalExit? {
        guard let due = paintDeadline, SystemClock.instant >= due else { return nil }
        hasPainted = true
        state.layOutTexts()
        do throws(TerminalError) {
            let isChanged = try terminal.present(AppView.render(state))
            pacing.presented(at: SystemClock.instant, isChanged: isChanged)
            try tellTitle()
        } catch {
            return loseTerminal()
        }
        state.layOutTextsAhead()
        return nil
    }

    private func tellTitle() throws(TerminalError) {
        guard state.context.attention.alerts.setsTitle else { return }
        let title = state.windowTitle
        guard title != lastTitle else { return }
        lastTitle = title
        try terminal.tell(.title(title))
    }

    /// For what the terminal may fail at: then it is gone, and the next read says so.
    private func attempt(_ work: () throws(TerminalError) -> Void) {
        do throws(TerminalError) { try work() } catch { lostTerminal = true; mailbox.post(.terminalLost) }
    }
}
