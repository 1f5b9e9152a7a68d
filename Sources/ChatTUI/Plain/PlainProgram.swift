import ChatClientCore
import ChatWire
import Glibc

/// The loop of plain mode: lines from its input, lines to its output, and nothing else. The terminal stays as it is, so
/// its own line editing works, and so does a pipe.
final class PlainProgram {
    private let mailbox: EventMailbox
    private let runner: EffectRunner
    private let signals: any SignalSource
    private var state: PlainState
    private var reader: LineReader
    private let input: Int32
    private let output: Int32
    private let isTerminal: Bool
    private var hasEnded = false

    /// Reads lines from `input` and writes lines to `output`. Both descriptors stay the caller's.
    init(
        client: ChatClient, signals: any SignalSource, state: PlainState, input: Int32 = STDIN_FILENO,
        output: Int32 = STDOUT_FILENO
    ) throws(TerminalError) {
        self.input = input
        self.output = output
        isTerminal = isatty(input) == 1
        self.signals = signals
        self.state = state
        reader = LineReader(bytesMax: isTerminal ? LineReader.terminalLineBytesMax : LineReader.lineBytesMax)
        mailbox = try EventMailbox()
        runner = EffectRunner(client: client, mailbox: mailbox, services: TerminalServices())
    }

    func run() -> TerminalExit {
        keepToForeground()
        runner.enqueue(.start)
        defer { runner.stop() }
        while true {
            let (hasInput, hasSignals) = wait()
            tellTime()
            if hasSignals, let exit = takeSignals() { return exit }
            for event in mailbox.take() {
                if let exit = take(state.update(event)) { return exit }
            }
            // After a stop the shell may have read what was there.
            if hasInput, !hasSignals, let exit = read() { return exit }
            if let exit = takeLines() { return exit }
            if let exit = take(state.update(.tick)) { return exit }
        }
    }

    private func takeSignals() -> TerminalExit? {
        for signal in signals.take() {
            if signal == SIGCONT {
                keepToForeground()
            } else if let exit = take(state.update(.signal(signal))) {
                return exit
            }
        }
        return nil
    }

    /// In the background nothing can be read: the program stops until it is brought to the foreground.
    private func keepToForeground() {
        guard state.departure.reason == nil, isTerminal else { return }
        if !JobControl.waitForForeground(on: input) { hasEnded = true }
    }

    private func wait() -> (input: Bool, signals: Bool) {
        let reads = !hasEnded && !reader.hasLine && state.takesLines
        var descriptors = [
            pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: reads ? input : -1, events: Int16(POLLIN), revents: 0),
        ]
        let isReady = state.takesLines && (reader.hasLine || hasEnded)
        _ = poll(&descriptors, 3, isReady ? 0 : timeout)
        return (reads && descriptors[2].revents != 0, descriptors[1].revents != 0)
    }

    private var timeout: Int32 {
        guard let leaveAt = state.departure.deadline, state.departure.reason == nil else { return -1 }
        let nanoseconds = (leaveAt - SystemClock.instant).saturatedNanoseconds
        return Int32(clamping: max(0, (nanoseconds + 999_999) / 1_000_000))
    }

    private func tellTime() {
        state.model.instant = SystemClock.instant
        state.model.now = SystemClock.now
    }

    private func read() -> TerminalExit? {
        guard !isTerminal || JobControl.isForeground(on: input) else {
            keepToForeground()
            return nil
        }
        readOnce()
        guard isTerminal else { return nil }
        // A terminal gives a line at a time: lines that are there together were not written one by one.
        while reader.waiting.count < Self.pastedLinesMax, !hasEnded, isReadable { readOnce() }
        guard let refusal = state.refusal(ofPasted: reader.waiting) else { return nil }
        reader.dropWaiting()
        return take(refusal)
    }

    /// Lines beyond this number wait in the terminal.
    private static let pastedLinesMax = 1000

    private var isReadable: Bool {
        var descriptor = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }

    private func readOnce() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(input, &buffer, buffer.count)
        if count > 0 {
            reader.receive(buffer.prefix(count))
        } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
            hasEnded = true
        }
    }

    /// Lines are taken one by one: a command may have to be answered before the next one means anything.
    private func takeLines() -> TerminalExit? {
        while state.takesLines {
            if let line = reader.next() {
                if let exit = take(state.enter(line)) { return exit }
            } else if hasEnded {
                if let rest = reader.rest() {
                    if let exit = take(state.enter(rest)) { return exit }
                    continue
                }
                return take(state.inputEnded())
            } else {
                return nil
            }
        }
        return nil
    }

    private func take(_ result: PlainOutput) -> TerminalExit? {
        // Each line is cleaned on its own: nothing from others makes a line of its own, or more than text.
        let text = result.lines.flatMap { line in
            let clean = Sanitizer.line(line)
            return fitted(state.strings.isASCII ? ASCIIText.line(clean) : clean)
        }.map { $0 + "\n" }.joined()
        if !text.isEmpty, let code = write(text) {
            return TerminalExit(reason: code == EPIPE ? .terminalLost : .outputFailed(code))
        }
        for effect in result.effects {
            if case .leave(let exit) = effect { return exit }
            runner.enqueue(effect)
        }
        return nil
    }

    /// On a terminal the line in pieces, so that its rest does not look like a line of somebody else.
    private func fitted(_ line: String) -> [String] {
        var size = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return [line] }
        return HangingText.lines(line, columns: Int(size.ws_col), indent: PlainWording.furtherLine)
    }

    /// The errno of what could not be written; nil when all of it was.
    private func write(_ text: String) -> Int32? {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var descriptor = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                poll(&descriptor, 1, 1000)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }
}

extension TerminalClient {
    /// Chats line by line on standard input and output, be they a terminal or pipes, until the person leaves
    /// or the input ends. Somebody has to be signed in. Nothing but lines of text is written.
    ///
    /// Takes the calling thread, and the process's handlers of SIGCONT, SIGPIPE and every signal that ends a program.
    public static func runPlain(
        client: ChatClient, language: Language, ascii: Bool = false, environment: [String: String]
    ) throws(TerminalError) -> TerminalExit {
        let signals = try SignalPipe(signals: EndingSignals.all + [SIGCONT])
        // A reader that has ended is reported as a failed write.
        signal(SIGPIPE, SIG_IGN)
        var state = PlainState(
            language: language, ascii: ascii, now: SystemClock.now, instant: SystemClock.instant)
        state.model.strings.dates = DateStyle(language: state.strings.language, environment: environment)
        let program = try PlainProgram(client: client, signals: signals, state: state)
        return JobControl.withSignals { program.run() }
    }
}
