import ChatWire
import TestSupport
import Testing

/// Responses from bytes: whole, cut and concatenated; every error; and random ones from a seed.
@Suite struct HTTPResponseParserTests {
    private enum Outcome: Equatable {
        case response(HTTPResponse, leftover: [UInt8], reusable: Bool)
        case incomplete
        case failure(HTTPParseError)
    }

    private func parse(
        _ bytes: [UInt8], method: HTTPMethod = .get, limits: HTTPLimits = .standard, feed: Feed = .whole,
        seed: UInt64 = 1, ended: Bool = false
    ) -> Outcome {
        var parser = HTTPResponseParser(method: method, limits: limits)
        var response: HTTPResponse?
        do throws(HTTPParseError) {
            for piece in feed.cut(bytes, seed: seed) {
                if let complete = try parser.receive(piece) { response = complete }
            }
            if ended, let complete = try parser.receiveEndOfInput() { response = complete }
        } catch {
            #expect(parser.progress == .failed)
            #expect(throws: error, "an error stays") { _ = try parser.receive([0x41]) }
            return .failure(error)
        }
        guard let response else {
            #expect(parser.progress != .complete)
            return .incomplete
        }
        #expect(parser.progress == .complete)
        let reusable = parser.connectionIsReusable
        return .response(response, leftover: parser.takeLeftover(), reusable: reusable)
    }

    /// The outcome is the same with every feed.
    private func expect(
        _ text: String, method: HTTPMethod = .get, limits: HTTPLimits = .standard, ended: Bool = false,
        makes outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for feed in Feed.allCases {
            let found = parse(Array(text.utf8), method: method, limits: limits, feed: feed, ended: ended)
            #expect(found == outcome, "\(feed)", sourceLocation: sourceLocation)
        }
    }

    private func response(
        _ status: Int, _ reason: String, _ fields: [(String, String)] = [], _ body: String = "",
        trailers: [(String, String)] = [], version: HTTPVersion = .http11
    ) throws -> HTTPResponse {
        HTTPResponse(
            status: status, reason: reason, version: version,
            headers: try HTTPHeaders(fields.map { (name: $0.0, value: $0.1) }), body: Array(body.utf8),
            trailers: try HTTPHeaders(trailers.map { (name: $0.0, value: $0.1) }))
    }

    // MARK: Framing

    @Test func bodyByLength() throws {
        let fields = [("Content-Type", "text/plain"), ("Content-Length", "5")]
        let text = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length:5\r\n\r\nhello"
        expect(
            text, makes: .response(try response(200, "OK", fields, "hello"), leftover: [], reusable: true))
        expect(
            text + "HTTP/1.1",
            makes: .response(
                try response(200, "OK", fields, "hello"), leftover: Array("HTTP/1.1".utf8), reusable: false))
        expect(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            makes: .response(
                try response(200, "OK", [("Content-Length", "0")]), leftover: [], reusable: true))
        expect(String(text.dropLast()), makes: .incomplete)
        expect(
            String(text.dropLast()), ended: true,
            makes: .failure(.unexpectedEnd(received: text.utf8.count - 1)))
    }

    @Test func lengthsSaidTwice() throws {
        for fields in ["Content-Length: 2, 2\r\n", "Content-Length: 2\r\nContent-Length: 2\r\n"] {
            guard
                case .response(let response, [], true) = parse(Array("HTTP/1.1 200\r\n\(fields)\r\nok".utf8))
            else {
                Issue.record("\(fields) is the same length twice")
                continue
            }
            #expect(response.body == Array("ok".utf8))
        }
    }

    @Test func chunkedBody() throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
        let fields = [("Transfer-Encoding", "Chunked")]
        expect(
            head + "5\r\nhello\r\n00A;name=\"v\"\r\n, world!!!\r\n0\r\n\r\n",
            makes: .response(
                try response(200, "OK", fields, "hello, world!!!"), leftover: [], reusable: true))
        expect(
            head + "1 \t;x\r\na\r\n0;last\r\nX-Sum: 1\r\nY: 2\r\n\r\nrest",
            makes: .response(
                try response(200, "OK", fields, "a", trailers: [("X-Sum", "1"), ("Y", "2")]),
                leftover: Array("rest".utf8), reusable: false))
        expect(
            head + "0\r\n\r\n",
            makes: .response(try response(200, "OK", fields), leftover: [], reusable: true))
        expect(head + "5\r\nhello\r\n0\r\n", makes: .incomplete)
    }

    @Test func bodyUntilTheEnd() throws {
        let text = "HTTP/1.1 200 OK\r\nA: b\r\n\r\nall of\r\nthis"
        expect(text, makes: .incomplete)
        expect(
            text, ended: true,
            makes: .response(
                try response(200, "OK", [("A", "b")], "all of\r\nthis"), leftover: [], reusable: false))
    }

    @Test func responsesWithoutBody() throws {
        for status in [204, 304] {
            expect(
                "HTTP/1.1 \(status) X\r\nContent-Length: 9\r\n\r\nleft",
                makes: .response(
                    try response(status, "X", [("Content-Length", "9")]), leftover: Array("left".utf8),
                    reusable: false))
        }
        expect(
            "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", method: .head,
            makes: .response(
                try response(200, "OK", [("Content-Length", "900")]), leftover: [], reusable: true))
        expect(
            "HTTP/1.1 200 Connection established\r\n\r\n\u{16}\u{3}", method: .connect,
            makes: .response(
                try response(200, "Connection established"), leftover: [0x16, 0x03], reusable: false))
        expect(
            "HTTP/1.1 407 No\r\nContent-Length: 1\r\n\r\nx", method: .connect,
            makes: .response(
                try response(407, "No", [("Content-Length", "1")], "x"), leftover: [], reusable: true))
    }

    @Test func interimResponsesAreReadOver() throws {
        let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        expect(
            interim + "HTTP/1.1 204 No Content\r\n\r\n",
            makes: .response(try response(204, "No Content"), leftover: [], reusable: true))
        expect(interim, makes: .incomplete)
        expect(
            interim, limits: HTTPLimits(interimResponses: 1),
            makes: .failure(.tooManyInterimResponses(limit: 1)))
        expect(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nframe",
            makes: .response(
                try response(101, "Switching Protocols", [("Upgrade", "websocket")]),
                leftover: Array("frame".utf8), reusable: false))
    }

    @Test func whatKeepsAConnection() throws {
        func isReusable(_ head: String) -> Bool {
            guard
                case .response(_, _, let reusable) = parse(
                    Array((head + "\r\nContent-Length: 0\r\n\r\n").utf8))
            else { return false }
            return reusable
        }
        #expect(isReusable("HTTP/1.1 200 OK"))
        #expect(!isReusable("HTTP/1.1 200 OK\r\nConnection: Close"))
        #expect(!isReusable("HTTP/1.1 200 OK\r\nConnection: x, close"))
        #expect(!isReusable("HTTP/1.0 200 OK"))
        #expect(isReusable("HTTP/1.0 200 OK\r\nConnection: keep-alive"))
        #expect(isReusable("HTTP/1.9 200 OK"), "a higher minor version is read as 1.1")
    }

    // MARK: Lines

    @Test func statusLines() throws {
        expect(
            "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
            makes: .response(try response(200, "", [("Content-Length", "0")]), leftover: [], reusable: true))
        expect(
            "HTTP/1.0 404 Não há\nContent-Length: 0\n\n",
            makes: .response(
                try response(404, "Não há", [("Content-Length", "0")], version: .http10), leftover: [],
                reusable: false))
    }

    @Test(arguments: [
        "", "HTTP/1.1", "HTTP/2.0 200 OK", "HTTP/1.1 99 OK", "HTTP/1.1 099 OK", "HTTP/1.1 2000 OK",
        "HTTP/1.1  200 OK", "HTTP/1.1 20x OK", "http/1.1 200 OK", "HTTP/1.x 200 OK", " HTTP/1.1 200 OK",
        "HTTP/1.1 200 a\0b", "HTTP/1.1 200 \u{1B}[2J", "SSH-2.0-OpenSSH_9.2", "HTTP/1.1200 OK",
        "HTTP/1.1 200OK",
    ])
    func badStatusLines(line: String) {
        expect(line + "\r\n", makes: .failure(.invalidStatusLine))
    }

    @Test func foldedFieldsBecomeOneLine() throws {
        expect(
            "HTTP/1.1 204 X\r\nA: one\r\n  two\r\n\tthree \r\nB: 1\r\n\r\n",
            makes: .response(
                try response(204, "X", [("A", "one   two \tthree"), ("B", "1")]), leftover: [], reusable: true
            ))
        expect("HTTP/1.1 204 X\r\n folded\r\n\r\n", makes: .failure(.invalidField))
    }

    @Test(arguments: ["no colon", ": v", "a b: v", "a : v", "é: v", "a: \0", "a: \u{7F}", "a: \u{8}"])
    func badFields(line: String) {
        expect("HTTP/1.1 204 X\r\n\(line)\r\n\r\n", makes: .failure(.invalidField))
    }

    @Test func bareCarriageReturns() {
        expect("HTTP/1.1 204 X\r\nA: b\rC: d\r\n\r\n", makes: .failure(.bareCarriageReturn))
        expect("HTTP/1.1 204 X\r\nA: b\r\r\n\r\n", makes: .failure(.bareCarriageReturn))
        expect("HTTP/1.1 204 X\r\r\n", makes: .failure(.bareCarriageReturn))
    }

    // MARK: Errors of framing

    @Test(arguments: ["x", "-1", "+1", "0x10", "1 2", "1,2", "1,", ",", "", "9223372036854775808", "1.0"])
    func badLengths(length: String) {
        expect("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n", makes: .failure(.invalidContentLength))
    }

    @Test func lengthsThatDisagree() {
        expect(
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            makes: .failure(.invalidContentLength))
        expect(
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            makes: .failure(.conflictingLengths))
    }

    @Test(arguments: ["gzip", "gzip, chunked", "chunked, chunked", "identity", "xchunked", ""])
    func otherTransferCodings(coding: String) {
        expect(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: \(coding)\r\n\r\n",
            makes: .failure(.unsupportedTransferEncoding))
    }

    @Test func chunkedIsNotForTheOldVersion() {
        expect(
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            makes: .failure(.unsupportedTransferEncoding))
    }

    @Test(arguments: [
        "", "x", "-1", "0x1", "1 1", " 1", ";a", "FFFFFFFFFFFFFFFFF", "8000000000000000", "1;\u{1}",
    ])
    func badChunkSizes(size: String) {
        expect(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\n",
            makes: .failure(.invalidChunkSize))
    }

    @Test func badChunkEnds() {
        expect(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
            makes: .failure(.invalidChunkEnd))
        expect(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nbad trailer\r\n\r\n",
            makes: .failure(.invalidField))
    }

    @Test func endsInTheMiddle() {
        expect("", ended: true, makes: .failure(.unexpectedEnd(received: 0)))
        expect("HTTP", ended: true, makes: .failure(.unexpectedEnd(received: 4)))
        expect("HTTP/1.1 200 OK\r\n", ended: true, makes: .failure(.unexpectedEnd(received: 17)))
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"
        expect(chunked, ended: true, makes: .failure(.unexpectedEnd(received: chunked.utf8.count)))
    }

    // MARK: Limits

    @Test func limitsOfLinesAndHeads() throws {
        let limits = HTTPLimits(lineLength: 30, headLength: 60, fieldCount: 2)
        let long = "A: " + String(repeating: "x", count: 40)
        expect("HTTP/1.1 200 OK\r\n\(long)", limits: limits, makes: .failure(.lineTooLong(limit: 30)))
        expect(
            "HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", limits: limits,
            makes: .failure(.tooManyFields(limit: 2)))
        let half = "A: " + String(repeating: "x", count: 20)
        expect(
            "HTTP/1.1 200 OK\r\n\(half)\r\n\(half)\r\n", limits: limits,
            makes: .failure(.headTooLong(limit: 60)))
        expect(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;\(long)", limits: limits,
            makes: .failure(.lineTooLong(limit: 30)))
        expect(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n",
            limits: limits, makes: .failure(.tooManyFields(limit: 2)))
        expect(
            "HTTP/1.1 204 OK\r\nA: 1\r\nB: 2\r\n\r\n", limits: limits,
            makes: .response(
                try response(204, "OK", [("A", "1"), ("B", "2")]), leftover: [], reusable: true))
    }

    @Test func limitsOfBodies() throws {
        let limits = HTTPLimits(bodyLength: 4)
        expect(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", limits: limits,
            makes: .failure(.bodyTooLong(limit: 4)))
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        expect(chunked + "5\r\n", limits: limits, makes: .failure(.bodyTooLong(limit: 4)))
        expect(chunked + "3\r\nabc\r\n2\r\n", limits: limits, makes: .failure(.bodyTooLong(limit: 4)))
        expect(chunked + "7fffffffffffffff\r\n", limits: limits, makes: .failure(.bodyTooLong(limit: 4)))
        expect("HTTP/1.1 200 OK\r\n\r\nabcde", limits: limits, makes: .failure(.bodyTooLong(limit: 4)))
        expect(
            "HTTP/1.1 200 OK\r\n\r\nabcd", limits: limits, ended: true,
            makes: .response(try response(200, "OK", [], "abcd"), leftover: [], reusable: false))
    }

    // MARK: Progress

    @Test func progressTellsThePhase() throws {
        var parser = HTTPResponseParser(method: .get)
        #expect(parser.progress == .waiting)
        #expect(try parser.receive([]) == nil)
        #expect(parser.progress == .waiting)
        _ = try parser.receive(Array("HTTP/1.1 2".utf8))
        #expect(parser.progress == .head)
        _ = try parser.receive(Array("00 OK\r\nContent-Length: 2\r\n\r\na".utf8))
        #expect(parser.progress == .body)
        #expect(try parser.receive(Array("b".utf8))?.body == Array("ab".utf8))
        #expect(parser.progress == .complete)
        #expect(parser.connectionIsReusable)
        #expect(try parser.receive(Array("more".utf8)) == nil)
        #expect(parser.takeLeftover() == Array("more".utf8))
        #expect(parser.takeLeftover() == [])
        #expect(!parser.connectionIsReusable, "what followed is a sign of trouble, even when taken")
        #expect(try parser.receiveEndOfInput() == nil)
    }

    // MARK: From a seed

    /// A random response, its bytes, and whether the end of the connection ends it.
    private func randomResponse(using generator: inout SeededGenerator) throws -> (
        HTTPResponse, [UInt8], Bool
    ) {
        var response = HTTPResponse(
            status: [200, 201, 400, 503].randomElement(using: &generator) ?? 200, reason: "R")
        for number in 0..<Int.random(in: 0...4, using: &generator) {
            try response.headers.add("X-\(number)", String(repeating: "v", count: number * 3))
        }
        let count = Int.random(in: 0...200, using: &generator)
        response.body = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        switch Int.random(in: 0..<3, using: &generator) {
        case 0:
            try response.headers.add("Content-Length", String(count))
            return (response, response.serializedHead() + response.body, false)
        case 1:
            return (response, response.serializedHead() + response.body, true)
        default:
            try response.headers.add("Transfer-Encoding", "chunked")
            var bytes = response.serializedHead()
            var rest = response.body[...]
            while !rest.isEmpty {
                let chunk = rest.prefix(Int.random(in: 1...50, using: &generator))
                bytes += Array("\(String(chunk.count, radix: 16));e=1\r\n".utf8) + chunk + [0x0D, 0x0A]
                rest = rest.dropFirst(chunk.count)
            }
            return (response, bytes + Array("0\r\n\r\n".utf8), false)
        }
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func randomResponsesComeBack(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (response, bytes, ended) = try randomResponse(using: &generator)
        for feed in Feed.allCases {
            let outcome = parse(bytes, feed: feed, seed: seed, ended: ended)
            #expect(outcome == .response(response, leftover: [], reusable: !ended), "seed \(seed), \(feed)")
        }
    }

    /// Damaged responses never trap, and mean the same however they are cut.
    @Test(arguments: 1...150 as ClosedRange<UInt64>)
    func damageIsJudgedAlikeHoweverItIsCut(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (_, bytes, _) = try randomResponse(using: &generator)
        let limits = HTTPLimits(lineLength: 60, headLength: 150, fieldCount: 5, bodyLength: 180)
        for _ in 0..<5 {
            let damaged = bytes.mutated(using: &generator)
            let outcomes = Feed.allCases.map {
                parse(damaged, limits: limits, feed: $0, seed: seed, ended: true)
            }
            #expect(outcomes.allSatisfy { $0 == outcomes[0] }, "seed \(seed): \(damaged)")
            #expect(outcomes[0] != .incomplete, "seed \(seed): an end decides")
        }
    }
}
