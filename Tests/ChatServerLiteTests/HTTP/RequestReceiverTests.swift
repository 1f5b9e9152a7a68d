import ChatWire
import NIOCore
import TestSupport
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Requests are cut out of what a connection receives, wherever its reads end.
@Suite struct RequestReceiverTests {
    private static let stream = Array(
        """
        POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello\
        GET /b?c=d HTTP/1.0\r\n\r\n\
        PUT /e HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: z\r\n\r\n\
        DELETE /f HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n
        """.utf8)
    private static let parts = [
        "POST /a 5", "hello", "end", "GET /b?c=d 0", "end", "PUT /e chunks", "abcde", "end", "DELETE /f 0",
        "end",
    ]

    /// The parts that are decoded after each piece, with the pieces of one body joined.
    private func parts(of pieces: [ArraySlice<UInt8>]) throws -> [String] {
        var receiver = RequestReceiver()
        var parts: [String] = []
        var body = ""
        for piece in pieces {
            receiver.append(ByteBuffer(bytes: piece))
            while let part = try receiver.next() {
                switch part {
                case .head(let head):
                    parts.append(
                        "\(head.method) \(head.target) \(head.bodyLength.map(String.init) ?? "chunks")")
                case .body(let piece): body += String(buffer: piece)
                case .end:
                    parts += body.isEmpty ? ["end"] : [body, "end"]
                    body = ""
                }
            }
            receiver.releaseMemory()
        }
        return parts
    }

    @Test func everyCutGivesTheSameParts() throws {
        #expect(try parts(of: [Self.stream[...]]) == Self.parts)
        #expect(try parts(of: Self.stream.indices.map { Self.stream[$0...$0] }) == Self.parts)
        for cut in Self.stream.indices {
            #expect(try parts(of: [Self.stream[..<cut], Self.stream[cut...]]) == Self.parts, "cut at \(cut)")
        }
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func randomReadsGiveTheSameParts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var pieces: [ArraySlice<UInt8>] = []
        var rest = Self.stream[...]
        while !rest.isEmpty {
            let count = Int.random(in: 0...min(20, rest.count), using: &random)
            pieces.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(try parts(of: pieces) == Self.parts, "seed \(seed)")
    }

    @Test func itKnowsWhetherARequestHasBegun() throws {
        var receiver = RequestReceiver()
        #expect(!receiver.isInsideRequest)
        receiver.append(ByteBuffer(string: "GET / HT"))
        #expect(receiver.waitingBytes == 8)
        #expect(try receiver.next() == nil)
        // The parser keeps the beginning of a line itself.
        #expect(receiver.waitingBytes == 0 && receiver.isInsideRequest)
        receiver.append(ByteBuffer(string: "TP/1.1\r\nHost: x\r\n\r\nGET"))
        guard case .head? = try receiver.next() else {
            Issue.record("no head")
            return
        }
        #expect(receiver.waitingBytes == 3 && receiver.isInsideRequest)
        guard case .end? = try receiver.next() else {
            Issue.record("no end")
            return
        }
        #expect(receiver.waitingBytes == 3 && !receiver.isInsideRequest)
    }

    /// What follows a request may belong to another protocol.
    @Test func theRestIsHandedOverOnce() throws {
        var receiver = RequestReceiver()
        receiver.append(ByteBuffer(string: "GET /ws HTTP/1.1\r\nHost: x\r\n\r\n"))
        receiver.append(ByteBuffer(bytes: [0x81, 0x80, 0, 0, 0, 0]))
        _ = try receiver.next()
        _ = try receiver.next()
        #expect(Array(receiver.takeRest().readableBytesView) == [0x81, 0x80, 0, 0, 0, 0])
        #expect(receiver.takeRest().readableBytes == 0)
        #expect(receiver.waitingBytes == 0)
    }

    @Test func whatWasNotDecodedSurvivesTheReleaseOfMemory() throws {
        var receiver = RequestReceiver()
        receiver.append(ByteBuffer(string: "GET /a HTTP/1.0\r\n\r\nGET /b HTTP/1.0\r\n\r\n"))
        _ = try receiver.next()
        _ = try receiver.next()
        receiver.releaseMemory()
        guard case .head(let head)? = try receiver.next() else {
            Issue.record("the second request is lost")
            return
        }
        #expect(head.target == "/b")
    }

    @Test func anErrorIsThrownAgain() {
        var receiver = RequestReceiver()
        receiver.append(ByteBuffer(string: "GET / HTTP/1.1\nHost: x\r\n\r\n"))
        for _ in 0..<3 {
            #expect(throws: HTTPParseError.bareLineFeed) { _ = try receiver.next() }
            receiver.append(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
        }
    }
}

/// The body of a request, and what a connection makes the server keep.
@Suite struct RequestBodyTests {
    private let allocator = ByteBufferAllocator()

    private func append(
        _ text: String, to body: inout RequestBody, _ account: inout BodyAccount
    ) -> RouteError? {
        do throws(RouteError) {
            try body.append(ByteBuffer(string: text), countedIn: &account, allocator)
            return nil
        } catch {
            return error
        }
    }

    @Test func aBodyMayReachItsLimitAndNotExceedIt() {
        let budget = ByteBudget<String>(each: 100, all: 100)
        var account = BodyAccount(budget, address: "a")
        var body = RequestBody(limit: 5)
        #expect(body.bytes == [])
        #expect(append("abc", to: &body, &account) == nil)
        #expect(append("", to: &body, &account) == nil)
        #expect(append("de", to: &body, &account) == nil)
        #expect(append("f", to: &body, &account) == .bodyTooLarge)
        #expect(body.bytes == Array("abcde".utf8))
        // What was refused is not counted.
        #expect(budget.sum == 5)
        account.giveAll()
        #expect(budget.sum == 0)
        account.giveAll()
        #expect(budget.sum == 0)
    }

    /// The connections of one address share its limit, and all addresses share the whole.
    @Test func whatAnAddressMakesTheServerKeepIsLimited() {
        let budget = ByteBudget<String>(each: 6, all: 10)
        var accounts = ["a", "a", "b"].map { BodyAccount(budget, address: $0) }
        var bodies = accounts.map { _ in RequestBody(limit: 100) }
        #expect(append("1234", to: &bodies[0], &accounts[0]) == nil)
        #expect(append("123", to: &bodies[1], &accounts[1]) == .overloaded)
        #expect(append("12", to: &bodies[1], &accounts[1]) == nil)
        #expect(append("12345", to: &bodies[2], &accounts[2]) == .overloaded)
        #expect(append("1234", to: &bodies[2], &accounts[2]) == nil)
        #expect(budget.sum == 10)
        accounts[0].giveAll()
        #expect(append("12", to: &bodies[2], &accounts[2]) == nil)
        #expect(append("12", to: &bodies[1], &accounts[1]) == nil)
        #expect(bodies.map(\.bytes) == ["1234", "1212", "123412"].map { Array($0.utf8) })
    }

    /// A body holds its own bytes, not the memory of the read that they came in.
    @Test func aBodyIsACopy() {
        let budget = ByteBudget<String>(each: 100, all: 100)
        var account = BodyAccount(budget, address: "a")
        var body = RequestBody(limit: 100)
        var read = ByteBuffer(string: "head body")
        read.moveReaderIndex(forwardBy: 5)
        #expect(append(String(buffer: read), to: &body, &account) == nil)
        read.setString("XXXX", at: read.readerIndex)
        #expect(body.bytes == Array("body".utf8))
    }
}

/// Limits on the bytes that the server keeps.
@Suite struct ByteBudgetTests {
    /// A plain list of what is held, to compare with.
    private struct Model {
        let each: Int
        let all: Int
        var held: [String: Int] = [:]
        var sum: Int { held.values.reduce(0, +) }

        mutating func take(_ count: Int, for holder: String, allowsOne: Bool) -> Bool {
            let own = held[holder] ?? 0
            let fitsEach = own + count <= each || (allowsOne && own == 0)
            let fitsAll = sum + count <= all || sum == 0
            guard count <= 0 || (fitsEach && fitsAll) else { return false }
            held[holder] = own + max(0, count)
            return true
        }
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func itCountsLikeAList(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let budget = ByteBudget<String>(each: 50, all: 120)
        var model = Model(each: 50, all: 120)
        for step in 0..<400 {
            let holder = ["a", "b", "c", "d"].randomElement(using: &random) ?? "a"
            if Bool.random(using: &random) {
                let count = Int.random(in: 0...70, using: &random)
                let allowsOne = Bool.random(using: &random)
                let isTaken = budget.take(count, for: holder, allowsOne: allowsOne)
                #expect(
                    isTaken == model.take(count, for: holder, allowsOne: allowsOne),
                    "seed \(seed), step \(step)")
            } else if let held = model.held[holder], held > 0 {
                let count = Int.random(in: 1...held, using: &random)
                budget.give(count, of: holder)
                model.held[holder] = held - count
            }
            #expect(budget.sum == model.sum, "seed \(seed), step \(step)")
            #expect(budget.isUsedUp(by: holder) == (model.held[holder, default: 0] >= 50))
        }
    }

    /// One answer may have any size. The next one waits until the first was read.
    @Test func aHoldEndsWithItsOwner() {
        let budget = ByteBudget<UserID>(each: 10, all: 100)
        var first = budget.hold(1000, for: UserID(1))
        #expect(first != nil && budget.sum == 1000)
        #expect(budget.hold(1, for: UserID(1)) == nil)
        #expect(budget.hold(1, for: UserID(2)) == nil)
        first = nil
        #expect(first == nil && budget.sum == 0)
        let second = budget.hold(1, for: UserID(2))
        withExtendedLifetime(second) { #expect(budget.sum == 1) }
    }
}
