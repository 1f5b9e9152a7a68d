import ChatWire
import Logging
import NIOPosix
import Synchronization

/// Where and how long audit lines are kept.
public struct AuditConfiguration: Equatable, Sendable {
    /// The path of the file.
    public var path: String
    /// The size in bytes beyond which a new file begins.
    public var lengthMax = 10 << 20
    /// How many full files are kept.
    public var kept = 10

    public init(path: String) { self.path = path }
}

/// The audit log: one JSON object per line, written in order by a thread of its own.
///
/// A log that cannot be written never stops the server, and is not silent: the server's log says so once,
/// every lost line is counted, and the audit log itself says how many are missing once it works again.
final class AuditLog: Sendable {
    private struct Waiting {
        var lines: [[UInt8]] = []
        var lost = 0
        var isWriting = false
        var wantsReopening = false
        /// Whether the failure has been logged.
        var isFailing = false
        var idle: [CheckedContinuation<Void, Never>] = []
    }

    /// What the writer's thread has to do next.
    private struct Work {
        var lines: [[UInt8]]
        var reopens: Bool
        /// The lost lines that the log does not mention yet.
        var lost: Int
        /// Those who wait for the end of all work, when there is none.
        var idle: [CheckedContinuation<Void, Never>]

        var isNothing: Bool { lines.isEmpty && !reopens }
    }

    private let waiting = Mutex(Waiting())
    private let file: Mutex<AuditFile>
    private let pool: NIOThreadPool
    private let linesMax: Int
    private let path: String
    private let logger: Logger
    private let counters: Counters
    private let now: @Sendable () -> Timestamp

    /// - Parameter linesMax: how many lines may wait for the disk. More are lost, and counted.
    init(
        _ configuration: AuditConfiguration, linesMax: Int = 10_000, logger: Logger, counters: Counters,
        now: @escaping @Sendable () -> Timestamp = { ServerClock.now() }
    ) {
        path = configuration.path
        file = Mutex(
            AuditFile(
                path: configuration.path, lengthMax: configuration.lengthMax, kept: configuration.kept))
        self.linesMax = linesMax
        self.logger = logger
        self.counters = counters
        self.now = now
        pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
    }

    /// Records an event. It never blocks on the disk.
    func record(_ event: AuditEvent) {
        let line = event.line(at: now())
        let (starts, isLost) = waiting.withLock { waiting -> (Bool, Bool) in
            guard waiting.lines.count < linesMax else {
                waiting.lost += 1
                return (false, true)
            }
            waiting.lines.append(line)
            defer { waiting.isWriting = true }
            return (!waiting.isWriting, false)
        }
        if isLost { counters.add(.auditLineLost) }
        if starts { startWriting() }
    }

    /// Opens the file, again after it was renamed. A wrong path shows in the server's log.
    func reopen() {
        let starts = waiting.withLock { waiting in
            waiting.wantsReopening = true
            defer { waiting.isWriting = true }
            return !waiting.isWriting
        }
        if starts { startWriting() }
    }

    /// Returns once everything that was recorded is written or lost.
    func flush() async {
        await withCheckedContinuation { continuation in
            let isIdle = waiting.withLock { waiting in
                if waiting.isWriting { waiting.idle.append(continuation) }
                return !waiting.isWriting
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Writes what was recorded, and ends the thread.
    func close() async {
        await flush()
        try? await pool.shutdownGracefully()
    }

    private func startWriting() {
        pool.submit { _ in self.write() }
    }

    private func write() {
        while true {
            let work = takeWork()
            guard !work.isNothing else {
                for continuation in work.idle { continuation.resume() }
                return
            }
            write(work)
        }
    }

    private func takeWork() -> Work {
        waiting.withLock { waiting in
            var work = Work(
                lines: waiting.lines, reopens: waiting.wantsReopening, lost: waiting.lost, idle: [])
            if work.isNothing { swap(&work.idle, &waiting.idle) }
            waiting.lines = []
            waiting.wantsReopening = false
            waiting.isWriting = !work.isNothing
            return work
        }
    }

    private func write(_ work: Work) {
        var written = 0
        var told = 0
        let failure: AuditFile.Failure? = file.withLock { file in
            do throws(AuditFile.Failure) {
                if work.reopens { file.reopen() }
                try file.open()
                if work.lost > 0 {
                    try file.append(AuditEvent(kind: .linesLost(work.lost)).line(at: now()))
                    told = work.lost
                }
                for line in work.lines {
                    try file.append(line)
                    written += 1
                }
                return nil
            } catch {
                return error
            }
        }
        let unwritten = work.lines.count - written
        if unwritten > 0 { counters.add(.auditLineLost, unwritten) }
        note(failure, lost: unwritten - told)
    }

    private func note(_ failure: AuditFile.Failure?, lost: Int) {
        let reason = failure?.reason
        let wasFailing = waiting.withLock { waiting in
            waiting.lost += lost
            defer { waiting.isFailing = reason != nil }
            return waiting.isFailing
        }
        if let reason, !wasFailing {
            logger.error(
                "the audit log cannot be written", metadata: ["file": "\(path)", "reason": "\(reason)"])
        } else if reason == nil, wasFailing {
            logger.notice("the audit log works again", metadata: ["file": "\(path)"])
        }
    }
}
