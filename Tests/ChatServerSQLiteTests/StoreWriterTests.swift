import ChatSQLite
import ChatWire
import Dispatch
import Foundation
import Synchronization
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// A command made of a closure.
private struct Perform<Outcome: Sendable>: StoreCommand {
    let body: @Sendable (any StorageTransaction) throws -> Outcome

    init(_ body: @escaping @Sendable (any StorageTransaction) throws -> Outcome) { self.body = body }

    func apply(in transaction: any StorageTransaction) throws -> Outcome { try body(transaction) }
}

private struct Boom: Error {}

/// A list that several threads append to.
private final class Record<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func append(_ element: Element) { elements.withLock { $0.append(element) } }

    /// Everything since the last call.
    func take() -> [Element] {
        elements.withLock { elements in
            defer { elements = [] }
            return elements
        }
    }
}

/// The writer: what is committed together, and what a failure leaves behind.
@Suite struct StoreWriterTests {
    /// A storage whose deliveries are recorded. A gate holds its writer inside a command.
    private final class Desk: Sendable {
        let path: String
        let log = LogRecords()
        private let batches = Record<Int>()
        private let gate = DispatchSemaphore(value: 0)
        private let entered = AsyncStream<Void>.makeStream()
        private let opened = Mutex<(any Storage)?>(nil)

        init(directory: String, queueLength: Int) throws {
            path = directory + "/chat.db"
            var configuration = StorageConfiguration(path: path)
            configuration.readerCount = 1
            configuration.writeQueueLength = queueLength
            configuration.logger = log.logger
            let storage = try SQLiteStorageProvider().open(configuration) { [batches] jobs in
                batches.append(jobs.count)
                for job in jobs { job.complete() }
            }
            opened.withLock { $0 = storage }
        }

        var store: any Storage {
            guard let store = opened.withLock({ $0 }) else { preconditionFailure("the storage is not open") }
            return store
        }

        /// The numbers of jobs that were delivered together since the last call.
        func delivered() -> [Int] { batches.take() }

        /// Stops the writer inside a command, and returns once it has stopped.
        func hold() async {
            let (gate, continuation) = (gate, entered.continuation)
            store.submit(
                Perform { _ in
                    continuation.yield()
                    gate.wait()
                }
            ) { _ in }
            for await _ in entered.stream { return }
        }

        func release() { gate.signal() }

        /// The changes that concern a user: their numbers and subjects.
        func changes(of user: UserID) async throws -> [[Int64]] {
            try await store.read { view in
                try view.changes(for: user, after: 0, limit: 10_000).map { [$0.sequence, $0.subject] }
            }
        }
    }

    private func with(queueLength: Int = 100_000, _ body: (Desk) async throws -> Void) async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let desk = try Desk(directory: directory, queueLength: queueLength)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(desk))
        } catch {
            result = .failure(error)
        }
        await desk.store.close()
        try result.get()
    }

    private static func log(_ subject: Int64, of user: UserID = UserID(1)) -> Perform<Void> {
        Perform { transaction in
            try transaction.log(
                .messageDeleted, subject: subject, for: user, peer: UserID(2), at: transaction.now)
        }
    }

    /// Logs a change, and fails.
    private static func fail(_ subject: Int64) -> Perform<Void> {
        Perform { transaction in
            try log(subject).apply(in: transaction)
            throw Boom()
        }
    }

    // MARK: Group commit

    @Test func whatWaitsIsCommittedTogether() async throws {
        try await with { desk in
            await desk.hold()
            let outcomes = Record<Int64>()
            for subject in 1...10 as ClosedRange<Int64> {
                desk.store.submit(Self.log(subject)) { _ in outcomes.append(subject) }
            }
            desk.release()
            try await desk.store.perform(Self.log(11))
            // The command that held the writer; then those that had waited; the last one came at any time.
            let batches = desk.delivered()
            #expect(batches == [1, 11] || batches == [1, 10, 1])
            #expect(outcomes.all == Array(1...10))
            #expect(try await desk.changes(of: UserID(1)) == (1...11).map { [$0, $0] })
        }
    }

    /// A commit has at most 1,024 commands, so that the first need not wait for the last.
    @Test func aCommitIsBounded() async throws {
        try await with { desk in
            await desk.hold()
            for subject in 1...2500 as ClosedRange<Int64> { desk.store.submit(Self.log(subject)) { _ in } }
            desk.release()
            await desk.store.close()
            #expect(desk.delivered() == [1, 1024, 1024, 452])
        }
    }

    @Test func whatDoesNotFitIsRefusedAtOnce() async throws {
        try await with(queueLength: 2) { desk in
            await desk.hold()
            let outcomes = Record<String>()
            for subject in 1...3 as ClosedRange<Int64> {
                desk.store.submit(Self.log(subject)) { result in
                    let word = if case .failure(let error) = result { "\(error)" } else { "stored" }
                    outcomes.append("\(subject) \(word)")
                }
            }
            // The third is refused while the others still wait.
            #expect(outcomes.all == ["3 overloaded"])
            desk.release()
            await desk.store.close()
            #expect(outcomes.all == ["3 overloaded", "1 stored", "2 stored"])
        }
    }

    // MARK: Failures

    /// One command that fails does not take the others of its commit along, and leaves nothing behind.
    @Test func aFailureSpoilsNoOtherCommand() async throws {
        try await with { desk in
            await desk.hold()
            let failed = Record<Int64>()
            for subject in 1...6 as ClosedRange<Int64> {
                let command = subject % 3 == 0 ? Self.fail(subject) : Self.log(subject)
                desk.store.submit(command) { result in
                    if case .failure(.storage(let failure)) = result, failure.kind == .other {
                        failed.append(subject)
                    }
                }
            }
            desk.release()
            try await desk.store.perform(Self.log(7))
            #expect(failed.all == [3, 6])
            // The numbers of the changes have no gap: the failed ones gave theirs back.
            #expect(try await desk.changes(of: UserID(1)) == [[1, 1], [2, 2], [3, 4], [4, 5], [5, 7]])
        }
    }

    /// The counters belong to the database. After a failed commit they are read from it again.
    @Test func aFailedCommitRereadsTheCounters() async throws {
        try await with { desk in
            try await desk.store.perform(Self.log(1))
            for subject in 2...5 as ClosedRange<Int64> {
                await #expect(throws: StoreError.self) { try await desk.store.perform(Self.fail(subject)) }
            }
            let sequence = try await desk.store.perform(
                Perform { transaction in
                    let before = (transaction as? SQLiteTransaction)?.sequence
                    try Self.log(6).apply(in: transaction)
                    return [before, (transaction as? SQLiteTransaction)?.sequence]
                })
            #expect(sequence == [1, 2])
            #expect(try await desk.changes(of: UserID(1)) == [[1, 1], [2, 6]])
            #expect(try await desk.store.read { try $0.changeLog().end } == 2)
        }
    }

    /// A user whose registration was rolled back has no name.
    @Test func aFailedCommitForgetsItsNames() async throws {
        try await with { desk in
            let register = Perform { transaction in
                let user = try transaction.insertUser(
                    name: "Ana", email: "ana@x", passwordHash: "h", at: transaction.now)
                _ = try transaction.name(of: UserID(user?.id.rawValue ?? 0))
                throw Boom()
            }
            await #expect(throws: StoreError.self) { try await desk.store.perform(register) }
            let name = try await desk.store.perform(Perform { try $0.name(of: UserID(1)) })
            #expect(name == nil)
        }
    }

    /// Somebody else may have written, such as an administrator's program.
    @Test func whatAnotherConnectionCommittedIsSeen() async throws {
        try await with { desk in
            let ana = try await desk.store.perform(
                RegisterUser(name: "Ana", email: "ana@x", passwordHash: "h"))
            #expect(try await desk.store.perform(Perform { try $0.name(of: ana.id) }) == "Ana")
            try await desk.store.perform(Self.log(1))
            do {
                let other = try Database(path: desk.path)
                try other.execute(
                    """
                    UPDATE users SET name = 'Aninha' WHERE id = \(ana.id.rawValue);
                    UPDATE server_state SET value = 50 WHERE key = 'change_seq';
                    """)
            }
            #expect(try await desk.store.perform(Perform { try $0.name(of: ana.id) }) == "Aninha")
            try await desk.store.perform(Self.log(2))
            #expect(try await desk.changes(of: UserID(1)) == [[1, 1], [51, 2]])
        }
    }

    /// Message ids are never used twice, even when the message that had one was rolled back or deleted.
    @Test func idsOnlyRise() async throws {
        try await with { desk in
            let ana = try await desk.store.perform(
                RegisterUser(name: "Ana", email: "ana@x", passwordHash: "h"))
            let send = Perform { transaction in
                try transaction.insertMessage(
                    from: ana.id, to: ana.id, content: "x", tempID: nil, at: transaction.now)
            }
            let first = try await desk.store.perform(send)
            let second = try await desk.store.perform(send)
            try await desk.store.perform(Perform { try $0.deleteMessage(second ?? MessageID(0)) })
            let third = try await desk.store.perform(send)
            #expect([first, second, third].map { $0?.rawValue } == [1, 2, 3])
            #expect(try await desk.store.read { try $0.newestMessage() } == 3)
        }
    }

    // MARK: The log

    /// One line tells that writing fails, and one that it works again. A line for each failure would fill the disk.
    @Test func aFailureIsLoggedOnce() async throws {
        try await with { desk in
            for subject in 1...3 as ClosedRange<Int64> {
                await #expect(throws: StoreError.self) { try await desk.store.perform(Self.fail(subject)) }
            }
            try await desk.store.perform(Self.log(4))
            try await desk.store.perform(Self.log(5))
            await #expect(throws: StoreError.self) { try await desk.store.perform(Self.fail(6)) }
            let words = desk.log.lines.map { $0.prefix { $0 != "=" } }
            #expect(
                words == [
                    "error the database cannot be written cause",
                    "notice the database can be written again failed",
                    "error the database cannot be written cause",
                ])
            #expect(desk.log.lines[1].hasSuffix("failed=3"))
        }
    }

    // MARK: Many at once

    /// Commands come from many tasks. Their changes are numbered in the order of their commits, each once.
    @Test func manyWritersGetConsecutiveNumbers() async throws {
        try await with { desk in
            let order = Record<Int64>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 as Range<Int64> {
                    group.addTask {
                        for number in 0..<50 as Range<Int64> {
                            let subject = writer * 1000 + number
                            let command = number % 10 == 9 ? Self.fail(subject) : Self.log(subject)
                            let result: Result<Void, StoreError> = await withCheckedContinuation { done in
                                desk.store.submit(command) { result in
                                    if case .success = result { order.append(subject) }
                                    done.resume(returning: result)
                                }
                            }
                            if number % 10 != 9 { try result.get() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let stored = try await desk.changes(of: UserID(1))
            #expect(stored.map { $0[0] } == Array(1...360))
            #expect(stored.map { $0[1] } == order.all)
        }
    }
}
