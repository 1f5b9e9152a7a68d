import TestSupport
import Testing

@testable import ChatWire

/// The connection as scripts: bytes in, events and bytes out; each for both roles.
@Suite struct WebSocketConnectionTests {
    private func closeBody(_ code: UInt16, _ reason: String = "") -> [UInt8] {
        [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8)
    }

    /// The frames in the output, read by the other role.
    private func sent(by role: WebSocketRole, _ output: [UInt8]) -> [WebSocketEvent] {
        var peer = WebSocketConnection(role: role.peer, answersPings: false)
        return peer.events(receiving: output)
    }

    // MARK: Messages

    @Test(arguments: WebSocketRole.allCases, Feed.allCases)
    func messagesArriveWhole(role: WebSocketRole, feed: Feed) {
        var connection = WebSocketConnection(role: role)
        let peer = role.peer
        let stream =
            frame(from: peer, .text, "Olá") + frame(from: peer, .binary, [0, 255]) + frame(from: peer, .text)
            + frame(from: peer, .text, "Hel", isFinal: false) + frame(from: peer, .continuation, "lo")
        #expect(
            connection.events(receiving: feed.cut(stream)) == [
                .text(Array("Olá".utf8)), .binary([0, 255]), .text([]), .text(Array("Hello".utf8)),
            ])
        #expect(connection.state == .open)
        #expect(connection.takeOutput() == [])
        #expect(!connection.isInsideMessage)
    }

    @Test(arguments: WebSocketRole.allCases, Feed.allCases)
    func controlFramesComeBetweenFragments(role: WebSocketRole, feed: Feed) {
        var connection = WebSocketConnection(role: role)
        let peer = role.peer
        let stream =
            frame(from: peer, .binary, [1], isFinal: false) + frame(from: peer, .ping, "a")
            + frame(from: peer, .continuation, [], isFinal: false) + frame(from: peer, .pong, "b")
            + frame(from: peer, .continuation, [2])
        #expect(
            connection.events(receiving: feed.cut(stream)) == [
                .ping(Array("a".utf8)), .pong(Array("b".utf8)), .binary([1, 2]),
            ])
        #expect(sent(by: role, connection.takeOutput()) == [.pong(Array("a".utf8))])
    }

    @Test(arguments: WebSocketRole.allCases)
    func fragmentsOutOfTurnFail(role: WebSocketRole) {
        let peer = role.peer
        for isFinal in [true, false] {
            var lone = WebSocketConnection(role: role)
            let events = lone.events(receiving: frame(from: peer, .continuation, "x", isFinal: isFinal))
            #expect(events == [.failure(.unexpectedContinuation)])
            for opcode in [WebSocketOpcode.text, .binary] {
                var open = WebSocketConnection(role: role)
                let stream =
                    frame(from: peer, .text, "a", isFinal: false)
                    + frame(from: peer, opcode, "b", isFinal: isFinal)
                #expect(open.events(receiving: stream) == [.failure(.unfinishedMessage)])
            }
        }
        var after = WebSocketConnection(role: role)
        let stream = frame(from: peer, .text, "a") + frame(from: peer, .continuation, "b")
        #expect(after.events(receiving: stream) == [.text([0x61]), .failure(.unexpectedContinuation)])
    }

    @Test(arguments: WebSocketRole.allCases)
    func whatIsSentArrives(role: WebSocketRole) {
        var sender = WebSocketConnection(role: role)
        var receiver = WebSocketConnection(role: role.peer, answersPings: false)
        let long = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(sender.send(text: "Olá 😀") == true)
        #expect(sender.send(text: Array("bytes".utf8)) == true)
        #expect(sender.send(binary: long) == true)
        #expect(sender.ping([1, 2]) == true)
        #expect(sender.pong([UInt8](repeating: 9, count: 200)) == true)
        #expect(
            receiver.events(receiving: sender.takeOutput()) == [
                .text(Array("Olá 😀".utf8)), .text(Array("bytes".utf8)), .binary(long), .ping([1, 2]),
                .pong([UInt8](repeating: 9, count: 125)),
            ])
        #expect(sender.takeOutput() == [])
    }

    @Test func aClientMasksEachFrameWithAKeyOfItsOwn() {
        var client = WebSocketConnection(role: .client, maskingKeysFrom: SeededGenerator(seed: 7))
        client.send(binary: [0, 0, 0, 0])
        client.send(binary: [0, 0, 0, 0])
        var generator = SeededGenerator(seed: 7)
        var expected: [UInt8] = []
        for _ in 0..<2 {
            let key = UInt32(truncatingIfNeeded: generator.next())
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: key >> (8 * $0)) }
            expected += [0x82, 0x84] + bytes + bytes
        }
        #expect(client.takeOutput() == expected)

        var one = WebSocketConnection(role: .client)
        var other = WebSocketConnection(role: .client)
        for _ in 0..<4 {
            one.send(binary: [0, 0, 0, 0])
            other.send(binary: [0, 0, 0, 0])
        }
        #expect(one.takeOutput() != other.takeOutput(), "keys of the system do not repeat")
    }

    @Test func outputIsLentWithoutLosingAnything() {
        var server = WebSocketConnection(role: .server)
        var written: [UInt8] = []
        server.drainOutput { written += $0 }
        #expect(written == [])
        server.send(text: "a")
        #expect(server.outputCount == 3)
        server.drainOutput { written += $0 }
        server.send(text: "b")
        server.drainOutput { written += $0 }
        #expect(written == [UInt8](hex: "810161 810162"))
        #expect(server.takeOutput() == [])
    }

    // MARK: Order

    /// The echo of a valid message precedes the close that a following bad frame causes, even when both arrived in
    /// one read.
    @Test(arguments: WebSocketRole.allCases)
    func answersGoOutBeforeTheFailureBehindThem(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        let good = frame(from: role.peer, .text, "hi")
        connection.receive(good + rawFrame(from: role.peer, firstByte: 0xB1, length: [0]))
        #expect(connection.nextEvent() == .text(Array("hi".utf8)))
        #expect(connection.send(text: "hi") == true)
        #expect(connection.nextEvent() == .failure(.reservedBits(0b011)))
        #expect(connection.send(text: "late") == false)
        #expect(
            sent(by: role, connection.takeOutput()) == [
                .text(Array("hi".utf8)), .close(code: .protocolError, reason: ""),
            ])
        #expect(connection.nextEvent() == nil)
    }

    @Test(arguments: WebSocketRole.allCases)
    func answersGoOutBeforeTheReplyToTheClose(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        connection.receive(
            frame(from: role.peer, .ping, "p") + frame(from: role.peer, .text, "hi")
                + frame(from: role.peer, .close, closeBody(1000)))
        #expect(connection.nextEvent() == .ping(Array("p".utf8)))
        #expect(connection.nextEvent() == .text(Array("hi".utf8)))
        connection.send(text: "echo")
        #expect(connection.nextEvent() == .close(code: .normal, reason: ""))
        #expect(
            sent(by: role, connection.takeOutput()) == [
                .pong(Array("p".utf8)), .text(Array("echo".utf8)), .close(code: .normal, reason: ""),
            ])
    }

    @Test(arguments: WebSocketRole.allCases)
    func eventsLeftUntakenWait(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        let texts = ["a", "bc", "def"].map { frame(from: role.peer, .text, $0) }
        connection.receive(texts[0] + texts[1].dropLast())
        #expect(connection.nextEvent() == .text(Array("a".utf8)))
        connection.receive(texts[1].suffix(1) + texts[2])
        connection.receive(texts[0])
        for text in ["bc", "def", "a"] { #expect(connection.nextEvent() == .text(Array(text.utf8))) }
        #expect(connection.nextEvent() == nil)
    }

    // MARK: UTF-8

    @Test(arguments: WebSocketRole.allCases)
    func badTextFailsInsideTheFrame(role: WebSocketRole) {
        // The frame announces 100 bytes. The third cannot continue the second, and is the last one to arrive.
        var connection = WebSocketConnection(role: role)
        let start = rawFrame(from: role.peer, firstByte: 0x81, length: [100], payload: [0x61, 0xC3])
        #expect(connection.events(receiving: start) == [])
        #expect(connection.events(receiving: [0x28]) == [.failure(.invalidUTF8)])
        let expected = WebSocketEvent.close(code: .invalidPayloadData, reason: "")
        #expect(sent(by: role, connection.takeOutput()) == [expected])
    }

    @Test(arguments: WebSocketRole.allCases)
    func textMayBeCutInsideACharacter(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        let smile = Array("😀".utf8)
        var stream = frame(from: role.peer, .text, Array(smile[..<1]), isFinal: false)
        stream += frame(from: role.peer, .continuation, Array(smile[1..<3]), isFinal: false)
        stream += frame(from: role.peer, .continuation, Array(smile[3...]))
        #expect(connection.events(receiving: stream) == [.text(smile)])
        let unfinished = frame(from: role.peer, .text, Array(smile[..<3]))
        #expect(connection.events(receiving: unfinished) == [.failure(.invalidUTF8)])
    }

    @Test(arguments: WebSocketRole.allCases)
    func binaryIsNotHeldToUTF8(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        var stream = frame(from: role.peer, .binary, [0xFF], isFinal: false)
        stream += frame(from: role.peer, .continuation, [0xC0])
        #expect(connection.events(receiving: stream) == [.binary([0xFF, 0xC0])])
    }

    // MARK: Pings

    @Test(arguments: WebSocketRole.allCases)
    func pingsAreAnsweredInOrderUnlessTheOwnerDoes(role: WebSocketRole) {
        let stream = (0..<10).flatMap { frame(from: role.peer, .ping, [UInt8($0)]) }
        var automatic = WebSocketConnection(role: role)
        #expect(automatic.events(receiving: stream) == (0..<10).map { .ping([UInt8($0)]) })
        #expect(sent(by: role, automatic.takeOutput()) == (0..<10).map { .pong([UInt8($0)]) })
        var manual = WebSocketConnection(role: role, answersPings: false)
        #expect(manual.events(receiving: stream).count == 10)
        #expect(manual.takeOutput() == [])
    }

    @Test(arguments: WebSocketRole.allCases)
    func aPeerThatPingsAndNeverReadsCostsLittle(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        for number in 0..<2_000 {
            let payload = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 125)
            _ = connection.events(receiving: frame(from: role.peer, .ping, payload))
        }
        #expect(connection.outputCount < 17 * 1024)
        let pongs = sent(by: role, connection.takeOutput())
        let newest = [UInt8](repeating: UInt8(truncatingIfNeeded: 1_999), count: 125)
        #expect(pongs.last == .pong(newest), "the newest ping is answered")
        let later = frame(from: role.peer, .ping, "a") + frame(from: role.peer, .ping, "b")
        _ = connection.events(receiving: later)
        let expected: [WebSocketEvent] = [.pong(Array("a".utf8)), .pong(Array("b".utf8))]
        #expect(sent(by: role, connection.takeOutput()) == expected, "and so are all later ones")
    }

    // MARK: Limits

    @Test(arguments: WebSocketRole.allCases)
    func aLongMessageIsRefusedByItsHeader(role: WebSocketRole) {
        let limits = WebSocketLimits(messageLength: 1000, fragmentCount: 10)
        var fits = WebSocketConnection(role: role, limits: limits)
        let payload = [UInt8](repeating: 1, count: 1000)
        #expect(fits.events(receiving: frame(from: role.peer, .binary, payload)) == [.binary(payload)])

        var whole = WebSocketConnection(role: role, limits: limits)
        let header = rawFrame(from: role.peer, firstByte: 0x82, length: [126, 0x03, 0xE9])
        #expect(whole.events(receiving: header) == [.failure(.messageTooBig(length: 1001, limit: 1000))])
        let expected = WebSocketEvent.close(
            code: .messageTooBig, reason: "Incoming frame of 1001 bytes is above length limit of 1000 bytes.")
        #expect(sent(by: role, whole.takeOutput()) == [expected])

        var parts = WebSocketConnection(role: role, limits: limits)
        let first = frame(from: role.peer, .binary, [UInt8](repeating: 1, count: 999), isFinal: false)
        #expect(parts.events(receiving: first) == [])
        let second = rawFrame(from: role.peer, firstByte: 0x80, length: [2])
        #expect(parts.events(receiving: second) == [.failure(.messageTooBig(length: 1001, limit: 1000))])

        var huge = WebSocketConnection(role: role, limits: limits)
        let largest = rawFrame(
            from: role.peer, firstByte: 0x82, length: [127, 0x7F, 255, 255, 255, 255, 255, 255, 255])
        #expect(
            huge.events(receiving: largest) == [.failure(.messageTooBig(length: 1 << 63 - 1, limit: 1000))])
    }

    @Test(arguments: WebSocketRole.allCases)
    func endlessEmptyFragmentsAreRefused(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role, limits: WebSocketLimits(fragmentCount: 3))
        let fragment = frame(from: role.peer, .continuation, isFinal: false)
        let three =
            frame(from: role.peer, .text, isFinal: false) + fragment + frame(from: role.peer, .continuation)
        #expect(connection.events(receiving: three) == [.text([])])
        let open = frame(from: role.peer, .text, isFinal: false) + fragment + fragment
        #expect(connection.events(receiving: open) == [], "the count begins anew with each message")
        #expect(connection.events(receiving: fragment) == [.failure(.tooManyFragments(limit: 3))])
        #expect(sent(by: role, connection.takeOutput()) == [.close(code: .messageTooBig, reason: "")])
    }

    /// After its close frame an endpoint sends nothing (RFC 6455 section 5.5.1), not even pongs.
    @Test(arguments: WebSocketRole.allCases)
    func nothingIsSentBehindTheCloseFrame(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        connection.close()
        _ = connection.takeOutput()
        _ = connection.events(receiving: frame(from: role.peer, .ping, Array("a".utf8)))
        #expect(connection.takeOutput() == [])
        #expect(!connection.pong() && !connection.ping() && !connection.send(text: "x"))
        #expect(connection.takeOutput() == [])
    }

    @Test(arguments: WebSocketRole.allCases)
    func manyFragmentsMakeOneMessage(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        var stream = frame(from: role.peer, .text, "ab", isFinal: false)
        let middle = frame(from: role.peer, .continuation, "ab", isFinal: false)
        for _ in 0..<65_534 { stream += middle }
        stream += frame(from: role.peer, .continuation, "ab")
        let events = connection.events(receiving: stream)
        #expect(events.count == 1)
        #expect(events.first == .text((0..<131_072).map { $0 % 2 == 0 ? 0x61 : 0x62 }))
    }

    @Test(arguments: WebSocketRole.allCases)
    func sixteenMebibytesInOneFrame(role: WebSocketRole) {
        let payload = [UInt8](repeating: 0x78, count: 16 * 1024 * 1024)
        var sender = WebSocketConnection(role: role.peer)
        sender.send(text: payload)
        let stream = sender.takeOutput()
        var receiver = WebSocketConnection(role: role)
        var events: [WebSocketEvent] = []
        for start in stride(from: 0, to: stream.count, by: 65_536) {
            let piece = stream[start..<min(start + 65_536, stream.count)]
            piece.withUnsafeBytes { receiver.receive($0) }
            while let event = receiver.nextEvent() { events.append(event) }
        }
        #expect(events == [.text(payload)])
    }

    /// Space is reserved for what has arrived, not for what was announced.
    @Test(arguments: WebSocketRole.allCases)
    func anAnnouncedLengthReservesLittle(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        let header = rawFrame(
            from: role.peer, firstByte: 0x82, length: [127, 0, 0, 0, 0, 1, 0, 0, 0], payload: [1, 2, 3])
        #expect(connection.events(receiving: header) == [])
        #expect(connection.isInsideMessage)
        #expect(connection.storedCapacity < 128 * 1024)
        for _ in 0..<100 { _ = connection.events(receiving: [UInt8](repeating: 0, count: 10_000)) }
        #expect(connection.storedCapacity < 4 * 1024 * 1024)
        connection.receiveEndOfInput()
        #expect(connection.nextEvent() == .failure(.connectionLost))
        #expect(connection.storedCapacity == 0)
    }

    // MARK: Closing

    @Test(arguments: WebSocketRole.allCases, Feed.allCases)
    func aCloseOfThePeerIsAnsweredAndEndsAll(role: WebSocketRole, feed: Feed) {
        var connection = WebSocketConnection(role: role)
        let stream =
            frame(from: role.peer, .close, closeBody(1001, "até já")) + frame(from: role.peer, .text, "late")
        let events = connection.events(receiving: feed.cut(stream))
        #expect(events == [.close(code: .goingAway, reason: "até já")])
        #expect(connection.state == .closed)
        #expect(connection.transportAction == (role == .server ? .close : .awaitEnd))
        #expect(sent(by: role, connection.takeOutput()) == [.close(code: .goingAway, reason: "")])
        #expect(connection.send(text: "x") == false)
        #expect(connection.send(binary: [1]) == false)
        #expect(connection.ping() == false)
        #expect(connection.pong() == false)
        #expect(connection.close() == false)
        connection.receiveEndOfInput()
        #expect(connection.nextEvent() == nil, "an end after the close handshake is in order")
        #expect(connection.takeOutput() == [])
    }

    @Test(arguments: WebSocketRole.allCases)
    func aCloseWithoutCodeIsAnsweredWithoutCode(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        let events = connection.events(receiving: frame(from: role.peer, .close))
        #expect(events == [.close(code: nil, reason: "")])
        #expect(sent(by: role, connection.takeOutput()) == [.close(code: nil, reason: "")])
    }

    @Test(arguments: WebSocketRole.allCases)
    func closingFirstStillDeliversUntilThePeerCloses(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        connection.send(text: "last")
        #expect(connection.close(code: .goingAway, reason: "tchau") == true)
        #expect(connection.close() == false, "only once")
        #expect(connection.send(text: "more") == false)
        #expect(connection.state == .closing)
        #expect(connection.transportAction == .keepOpen)
        let expected: [WebSocketEvent] = [
            .text(Array("last".utf8)), .close(code: .goingAway, reason: "tchau"),
        ]
        #expect(sent(by: role, connection.takeOutput()) == expected)

        let stream =
            frame(from: role.peer, .ping, "p") + frame(from: role.peer, .text, "crossed")
            + frame(from: role.peer, .close, closeBody(1001))
        #expect(
            connection.events(receiving: stream) == [
                .ping(Array("p".utf8)), .text(Array("crossed".utf8)), .close(code: .goingAway, reason: ""),
            ])
        #expect(connection.takeOutput() == [], "no pong and no second close after ours")
        #expect(connection.state == .closed)
    }

    @Test(arguments: [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
    ])
    func codesForTheWirePass(code: UInt16) {
        for role in WebSocketRole.allCases {
            var connection = WebSocketConnection(role: role)
            let events = connection.events(receiving: frame(from: role.peer, .close, closeBody(code)))
            #expect(events == [.close(code: WebSocketCloseCode(rawValue: code), reason: "")])
        }
    }

    @Test(arguments: [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])
    func otherCodesFail(code: UInt16) {
        for role in WebSocketRole.allCases {
            var connection = WebSocketConnection(role: role)
            let events = connection.events(receiving: frame(from: role.peer, .close, closeBody(code)))
            #expect(events == [.failure(.invalidCloseCode(code))])
            let expected = WebSocketEvent.close(code: .protocolError, reason: "")
            #expect(sent(by: role, connection.takeOutput()) == [expected])
        }
    }

    @Test(arguments: WebSocketRole.allCases)
    func badClosePayloadsFail(role: WebSocketRole) {
        var short = WebSocketConnection(role: role)
        #expect(
            short.events(receiving: frame(from: role.peer, .close, [3])) == [.failure(.closePayloadTooShort)])
        var text = WebSocketConnection(role: role)
        let events = text.events(receiving: frame(from: role.peer, .close, closeBody(1000) + [0xC3]))
        #expect(events == [.failure(.invalidUTF8)])
        let expected = WebSocketEvent.close(code: .invalidPayloadData, reason: "")
        #expect(sent(by: role, text.takeOutput()) == [expected])
    }

    @Test(arguments: WebSocketRole.allCases)
    func anEndWithoutAHandshakeIsALoss(role: WebSocketRole) {
        var idle = WebSocketConnection(role: role)
        idle.receive(frame(from: role.peer, .text, "hi"))
        idle.receiveEndOfInput()
        #expect(idle.nextEvent() == .text(Array("hi".utf8)), "what had come is delivered first")
        #expect(idle.nextEvent() == .failure(.connectionLost))
        #expect(idle.nextEvent() == nil)
        #expect(idle.takeOutput() == [])
        #expect(idle.transportAction == .close)

        var closing = WebSocketConnection(role: role)
        closing.close()
        closing.receiveEndOfInput()
        #expect(closing.nextEvent() == .failure(.connectionLost))
        #expect(WebSocketError.connectionLost.closeCode == .abnormalClosure)
    }

    @Test(arguments: WebSocketRole.allCases)
    func nothingIsReadAfterAFailure(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        _ = connection.events(receiving: [0xFF])
        _ = connection.takeOutput()
        #expect(connection.events(receiving: frame(from: role.peer, .ping, "p")) == [])
        #expect(connection.takeOutput() == [])
        #expect(connection.storedCapacity == 0)
    }

    @Test(arguments: WebSocketRole.allCases)
    func aFailureAfterOurCloseSendsNoSecondOne(role: WebSocketRole) {
        var connection = WebSocketConnection(role: role)
        connection.close()
        _ = connection.takeOutput()
        #expect(connection.events(receiving: [0xFF]) == [.failure(.reservedBits(0b111))])
        #expect(connection.takeOutput() == [])
        #expect(connection.transportAction == .close)
    }
}
