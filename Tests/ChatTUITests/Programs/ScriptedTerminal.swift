import Foundation
import Glibc
import Synchronization
import Testing

@testable import ChatTUI

/// A terminal that a test types on and looks at, and the signals that reach the program in it.
final class ScriptedTerminal: Terminal, SignalSource, Sendable {
    private struct State {
        var size = Size(columns: 80, rows: 24)
        var lines: [String] = []
        var messages: [TerminalMessage] = []
        var calls: [String] = []
        var isForeground = true
        var fails = false
    }

    private let state = Mutex(State())
    private let keys = FilePipe()
    private let signals = FilePipe()
    /// Readable after the terminal was shown something or told something.
    private let news = FilePipe()

    let colours = ColourDepth.palette

    // MARK: What the program does

    var inputDescriptor: Int32 { keys.reading }
    var size: Size { state.withLock { $0.size } }
    var isForeground: Bool { state.withLock { $0.isForeground } }

    func read() throws(TerminalError) -> [UInt8] { keys.read() }

    func present(_ screen: Screen) throws(TerminalError) -> Bool {
        let lines = (0..<screen.size.rows).map { screen.text(ofRow: $0) }
        defer { news.write([1]) }
        return try state.withLock { state throws(TerminalError) in
            if state.fails { throw TerminalError.system(call: "write", code: EIO) }
            defer { state.lines = lines }
            return state.lines != lines
        }
    }

    func invalidate() { note("invalidate") }
    func askBackground() throws(TerminalError) { note("askBackground") }
    func restore() { note("restore") }
    func enter() throws(TerminalError) { note("enter") }
    func resume() throws(TerminalError) {
        note("resume")
        state.withLock { $0.isForeground = true }
    }

    func tell(_ message: TerminalMessage) throws(TerminalError) -> Bool {
        defer { news.write([1]) }
        return state.withLock { state in
            state.messages.append(message)
            return message.bytes != nil
        }
    }

    private func note(_ call: String) {
        state.withLock { $0.calls.append(call) }
        news.write([1])
    }

    // MARK: Signals

    var descriptor: Int32 { signals.reading }

    func take() -> [Int32] {
        var entry = pollfd(fd: signals.reading, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 0) > 0 else { return [] }
        return signals.read().map { Int32($0) }
    }

    // MARK: What the test does

    func type(_ text: String) { keys.write(Array(text.utf8)) }
    func hangUp() { keys.closeWriting() }
    func signal(_ number: Int32) { signals.write([UInt8(number)]) }
    func resize(to size: Size) {
        state.withLock { $0.size = size }
        signal(SIGWINCH)
    }
    func moveToBackground() { state.withLock { $0.isForeground = false } }
    func fail() { state.withLock { $0.fails = true } }

    var lines: [String] { state.withLock { $0.lines } }
    var messages: [TerminalMessage] { state.withLock { $0.messages } }
    var calls: [String] { state.withLock { $0.calls } }

    /// Returns once the screen shows this.
    func shows(_ text: String, _ location: SourceLocation = #_sourceLocation) async {
        await until { $0.lines.contains { $0.contains(text) } }
    }

    /// Returns once the screen does not show this any more.
    func hides(_ text: String) async {
        await until { terminal in !terminal.lines.isEmpty && !terminal.lines.contains { $0.contains(text) } }
    }

    func until(_ holds: (ScriptedTerminal) -> Bool) async {
        while !holds(self) {
            await readable(news.reading)
            _ = news.read()
        }
    }
}

/// The two ends of a pipe.
final class FilePipe: Sendable {
    let reading: Int32
    let writing: Int32
    private let isOpen = Mutex(true)
    private let isReadingOpen = Mutex(true)

    init() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { preconditionFailure("no pipe: errno \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        closeReading()
        closeWriting()
    }

    func closeReading() {
        isReadingOpen.withLock { isOpen in
            if isOpen { close(reading) }
            isOpen = false
        }
    }

    func closeWriting() {
        isOpen.withLock { isOpen in
            if isOpen { close(writing) }
            isOpen = false
        }
    }

    func write(_ bytes: [UInt8]) {
        // A full pipe already says that there is news.
        isOpen.withLock { isOpen in
            if isOpen { _ = Glibc.write(writing, bytes, bytes.count) }
        }
    }

    /// What is there now, or comes next; empty at the end.
    func read() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(reading, &buffer, buffer.count)
        return Array(buffer.prefix(max(0, count)))
    }
}
