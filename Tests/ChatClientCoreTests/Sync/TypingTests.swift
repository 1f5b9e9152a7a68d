import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct TypingTests {
    private let start = MonotonicInstant(nanoseconds: 0)

    @Test func keysAreToldSeldomAndPausesEndThem() {
        var typing = OutgoingTyping()
        #expect(typing.keyPressed(bia, at: start) == [.typingStart(bia)])
        #expect(typing.keyPressed(bia, at: start + .seconds(1)) == [])
        #expect(typing.keyPressed(bia, at: start + .seconds(3)) == [.typingStart(bia)])
        #expect(typing.deadline == start + .seconds(8))
        #expect(typing.tick(at: start + .seconds(7)) == [])
        #expect(typing.tick(at: start + .seconds(8)) == [.typingStop(bia)])
        #expect(typing.deadline == nil)
    }

    @Test func anotherConversationEndsTheFirst() {
        var typing = OutgoingTyping()
        _ = typing.keyPressed(bia, at: start)
        #expect(typing.keyPressed(caio, at: start) == [.typingStop(bia), .typingStart(caio)])
        #expect(typing.isTyping(to: caio) && !typing.isTyping(to: bia))
        #expect(typing.stop() == [.typingStop(caio)])
        #expect(typing.stop() == [])
    }

    @Test func nobodyTypesForEver() {
        var typists = IncomingTyping()
        #expect(typists.started(bia, at: start) == true)
        #expect(typists.started(bia, at: start + .seconds(4)) == false)
        #expect(typists.expire(at: start + .seconds(6)) == [])
        #expect(typists.expire(at: start + .seconds(10)) == [bia])
        #expect(typists.stopped(bia) == false)
    }
}
