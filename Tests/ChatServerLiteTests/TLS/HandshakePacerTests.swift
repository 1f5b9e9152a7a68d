import NIOCore
import NIOEmbedded
import Testing

@testable import ChatServerLite

@Suite struct HandshakePacerTests {
    @Test func stepsRunInGroupsAndInOrder() {
        let eventLoop = EmbeddedEventLoop()
        let pacer = HandshakePacer(eventLoop)
        var done: [Int] = []
        for number in 0..<10 { pacer.run { done.append(number) } }
        #expect(done == Array(0..<4))
        eventLoop.advanceTime(by: HandshakePacer.pause)
        #expect(done == Array(0..<8))
        // A newcomer does not overtake those that wait.
        pacer.run { done.append(10) }
        eventLoop.advanceTime(by: HandshakePacer.pause)
        #expect(done == Array(0...10))
        eventLoop.advanceTime(by: .seconds(1))
        for number in 11..<20 { pacer.run { done.append(number) } }
        #expect(done == Array(0..<15))
        eventLoop.advanceTime(by: .seconds(1))
        #expect(done == Array(0..<20))
    }
}
