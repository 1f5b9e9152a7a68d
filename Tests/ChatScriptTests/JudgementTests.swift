import ChatWire
import Testing

@testable import ChatScript

@Suite("Expectations")
struct JudgementTests {
    /// The verdict of an expectation on these events: "met N" with the mark, "waiting", or the failure.
    private func judge(_ step: String, _ events: [String], mark: Int = 0, isSettled: Bool = false) throws
        -> String
    {
        guard case .expect(let expectation) = try action(step) else { return "no expectation" }
        var inbox = Inbox()
        for event in events { inbox.append(.init(name: String(event.prefix(1)), payload: .string(event))) }
        inbox.read(upTo: mark)
        switch expectation.judge(inbox, Scope(), isSettled: isSettled) {
        case .met(_, let mark): return "met \(mark)"
        case .waiting(let missing): return "waiting for \(missing)"
        case .failed(let expected, let came): return "expected \(expected), came \(came)"
        }
    }

    @Test("One event, others may come before it")
    func single() throws {
        #expect(try judge("Ana expects a", []) == "waiting for a")
        #expect(try judge("Ana expects a", ["b", "a", "c"]) == "met 2")
        #expect(try judge("Ana expects a", ["a", "b"], mark: 1) == "waiting for a")
        #expect(try judge("Ana expects a \"a2\"", ["a1", "a2"]) == "met 2")
        #expect(try judge("Ana expects a \"a2\"", ["a1"]) == "waiting for a \"a2\"")
    }

    @Test("In order")
    func inOrder() throws {
        let step = "Ana expects in order\n - a\n - b"
        #expect(try judge(step, ["a", "x", "b", "y"]) == "met 3")
        #expect(try judge(step, ["b", "a"]) == "waiting for b")
    }

    @Test("In any order")
    func anyOrder() throws {
        let step = "Ana expects in any order\n - a\n - b"
        #expect(try judge(step, ["x", "b", "a", "y"]) == "met 3")
        #expect(try judge(step, ["b"]) == "waiting for a")
        #expect(try judge("Ana expects in any order\n - a\n - a", ["a"]) == "waiting for a")
    }

    @Test("Exactly these")
    func exactly() throws {
        let step = "Ana expects exactly\n - a\n - b"
        #expect(try judge(step, ["a", "b", "c"]) == "met 2")
        #expect(try judge(step, ["a"]) == "waiting for b")
        #expect(try judge(step, ["a", "x", "b"]) == "expected b as the very next, came x \"x\"")
    }

    @Test("Absence until a marker")
    func absenceBeforeMarker() throws {
        let step = "Ana expects no a before b"
        #expect(try judge(step, ["x"]) == "waiting for b")
        #expect(try judge(step, ["x", "b", "a"]) == "met 2")
        #expect(try judge(step, ["x", "a", "b"]) == "expected no a, came a \"a\"")
    }

    @Test("Absence until the server has answered leaves the rest to be expected")
    func absence() throws {
        #expect(try judge("Ana expects no a", ["x"]) == "waiting for the server's answer")
        #expect(try judge("Ana expects no a", ["x"], isSettled: true) == "met 0")
        #expect(try judge("Ana expects no a", ["x", "a"], isSettled: true) == "expected no a, came a \"a\"")
        #expect(try judge("Ana expects no a \"a1\"", ["a2"], isSettled: true) == "met 0")
    }

    @Test("Nothing at all")
    func nothing() throws {
        #expect(try judge("Ana expects nothing", [], isSettled: true) == "met 0")
        #expect(try judge("Ana expects nothing", ["x"], isSettled: true) == "expected nothing, came x \"x\"")
        #expect(try judge("Ana expects nothing", ["x"], mark: 1, isSettled: true) == "met 1")
    }
}

@Suite("What the server says, frame by frame")
struct SocketReadingTests {
    @Test(arguments: [
        ("2", [SocketReading.Effect.answer(Array("3".utf8))]), ("2x", [.answer(Array("3x".utf8))]),
        (#"40{"sid":"x"}"#, [.letIn]), (#"44{"message":"no"}"#, [.refused(["message": "no"])]),
        (#"44"no""#, [.refused("no")]), ("41", []), ("6", []),
        (#"42["x",{"a":1}]"#, [.event(name: "x", payload: ["a": 1])]),
        (#"42["x"]"#, [.event(name: "x", payload: nil)]),
        (#"42["x",1,2]"#, [.event(name: "x", payload: [1, 2])]),
        (#"4312[{"a":1}]"#, [.acknowledged(12, [["a": 1]])]), ("9", [.unreadable("9")]),
        ("42{", [.unreadable("2{")]), ("", [.unreadable("")]), ("1", [.thrownOut]),
    ])
    func frames(text: String, effects: [SocketReading.Effect]) {
        var reading = SocketReading()
        #expect(reading.receive(text: Array(text.utf8)) == effects)
    }

    @Test("Only who was let in can be thrown out")
    func thrownOut() {
        var reading = SocketReading()
        _ = reading.receive(text: Array("40{}".utf8))
        #expect(reading.receive(text: Array("41".utf8)) == [.thrownOut])
    }
}

@Suite("The relay's greeting")
struct SocksGreetingTests {
    private static let talk: [UInt8] = [5, 1, 0, 5, 1, 0, 3, 2, 0x61, 0x62, 0, 80, 9, 9]

    @Test("Whole, glued, and byte by byte", arguments: [1, 2, 3, 14])
    func piecewise(length: Int) {
        var greeting = SocksGreeting()
        var answers: [UInt8] = []
        var leftover: [UInt8]?
        for start in stride(from: 0, to: Self.talk.count, by: length) {
            var step = greeting.receive(Array(Self.talk[start..<min(start + length, Self.talk.count)]))
            while true {
                if case .answer(let bytes) = step {
                    answers += bytes
                    // The rest may have arrived with it.
                    step = greeting.receive([])
                    continue
                }
                break
            }
            if case .open(let bytes, let rest) = step {
                answers += bytes
                leftover = rest + Self.talk[min(start + length, Self.talk.count)...]
                break
            }
            #expect(step == .waiting)
        }
        #expect(answers == [5, 0, 5, 0, 0, 1, 127, 0, 0, 1, 0, 0])
        #expect(leftover == [9, 9])
    }

    @Test(
        arguments: [[4, 1], [71, 69, 84], [5, 1, 0, 5, 2, 0, 1, 0], [5, 1, 0, 5, 1, 0, 9, 0]] as [[UInt8]])
    func malformed(bytes: [UInt8]) {
        var greeting = SocksGreeting()
        var step = greeting.receive(bytes)
        if case .answer = step { step = greeting.receive([]) }
        #expect(step == .malformed)
    }
}
