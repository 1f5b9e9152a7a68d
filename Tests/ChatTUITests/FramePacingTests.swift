import ChatWire
import TestSupport
import Testing

@testable import ChatTUI

/// Calls and what is due after them, in milliseconds.
struct FramePacingTests {
    private var pacing = FramePacing()

    private static func at(_ milliseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
    }

    /// Draws at once what is due by then; false when it is not due.
    private mutating func draw(at milliseconds: Int64, isChanged: Bool = true) -> Bool {
        guard let due = pacing.due, due <= Self.at(milliseconds) else { return false }
        pacing.presented(at: Self.at(milliseconds), isChanged: isChanged)
        return true
    }

    @Test func nothingIsDrawnWithoutReason() {
        var pacing = FramePacing()
        #expect(pacing.due == nil)
        pacing.want(.news)
        #expect(pacing.due != nil)
        pacing.presented(at: Self.at(5), isChanged: true)
        #expect(pacing.due == nil)
    }

    /// As many news as there may be, and keys as fast as a keyboard repeats them.
    @Test mutating func aKeyIsShownAtOnceRightAfterNews() {
        var newsAlone = 0
        for start in stride(from: Int64(0), to: 2000, by: 33) {
            pacing.want(.news)
            if draw(at: start) { newsAlone += 1 }
            pacing.want(.input)
            #expect(draw(at: start + 1), "key at \(start + 1)")
        }
        #expect(newsAlone > 40)
    }

    /// News that came before a key are drawn with it.
    @Test mutating func aKeyHastensNews() {
        for _ in 0..<2 { pacing.want(.news); #expect(draw(at: 100)) }
        pacing.want(.news)
        #expect(pacing.due == Self.at(118))
        pacing.want(.input)
        pacing.want(.news)
        #expect(draw(at: 101))
        #expect(pacing.due == nil)
    }

    /// The first picture is as soon as what it is made of.
    @Test mutating func nothingDelaysTheFirstPicture() {
        for _ in 0..<20 {
            #expect(pacing.newsDue <= Self.at(0))
            pacing.tookNews(at: Self.at(0))
            pacing.want(.news)
        }
        #expect(draw(at: 0))
    }

    @Test mutating func newsAreTakenInThirtyTimesASecond() {
        pacing.presented(at: Self.at(0), isChanged: true)
        var turns: [Int64] = []
        for millisecond in Int64(0)..<2000 where pacing.newsDue <= Self.at(millisecond) {
            pacing.tookNews(at: Self.at(millisecond))
            turns.append(millisecond)
        }
        #expect(turns.prefix(8) == [0, 1, 2, 3, 4, 5, 33, 66])
        #expect(turns.count { $0 >= 1000 } <= 31)
    }

    /// Keys that repeat as fast as a wheel turns keep no news out.
    @Test mutating func keysDoNotStarveNews() {
        var turns = 0
        for millisecond in Int64(0)..<1000 {
            if millisecond % 5 == 0 { pacing.want(.input) }
            _ = draw(at: millisecond)
            if pacing.newsDue <= Self.at(millisecond) {
                pacing.tookNews(at: Self.at(millisecond))
                pacing.want(.news)
                turns += 1
            }
        }
        #expect(turns >= 30)
    }

    @Test mutating func aFrameThatChangesNothingIsFree() {
        for _ in 0..<500 { pacing.want(.news); #expect(draw(at: 100, isChanged: false)) }
        pacing.want(.input)
        #expect(draw(at: 100))
    }

    /// Whatever comes when, and however late it is drawn.
    @Test(arguments: UInt64(0)..<40)
    mutating func neverMoreThanSixtyInASecond(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var frames: [Int64] = []
        let pause = Int64.random(in: 1...30, using: &generator)
        var now: Int64 = 0
        while now < 5000 {
            if Int.random(in: 0..<3, using: &generator) == 0 {
                pacing.want(.input)
            } else {
                pacing.want(.news)
            }
            if draw(at: now) { frames.append(now) }
            now += Int64.random(in: 0...pause, using: &generator)
        }
        for (index, frame) in frames.enumerated() {
            let count = frames[index...].prefix { $0 < frame + 1000 }.count
            #expect(count <= 60, "seed \(seed), at \(frame)")
        }
        #expect(frames.count > 100, "seed \(seed)")
    }
}
