import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct LookUpsTests {
    private let start = MonotonicInstant(nanoseconds: 0)

    @Test func pausesDoubleAndTheLastLookIsKnown() {
        var lookUps = LookUps()
        #expect(lookUps.mayLook(at: bia, at: start) == true)
        lookUps.looked(at: bia, isUnproved: true, at: start)
        #expect(lookUps.mayLook(at: bia, at: start + .seconds(1)) == false)
        #expect(lookUps.next == start + .seconds(2))
        lookUps.beginTurn()
        #expect(lookUps.next == nil)
        #expect(lookUps.mayLook(at: bia, at: start + .seconds(2)) == true)
        lookUps.looked(at: bia, isUnproved: true, at: start)
        #expect(lookUps.mayLook(at: bia, at: start + .seconds(3)) == false)
        #expect(!lookUps.isLast(of: bia))
        for _ in 0..<3 { lookUps.looked(at: bia, isUnproved: true, at: start) }
        #expect(lookUps.isLast(of: bia))
        lookUps.looked(at: bia, isUnproved: false, at: start)
        #expect(!lookUps.isLast(of: bia), "a page that proves something begins anew")
        #expect(lookUps.mayLook(at: bia, at: start) == true)
    }

    @Test func aDeferredConversationWaitsForThePersonOnly() {
        var lookUps = LookUps()
        lookUps.defer(bia)
        #expect(lookUps.mayLook(at: bia, at: start) == false)
        #expect(lookUps.next == nil, "no time makes it due")
        #expect(lookUps.mayLook(at: caio, at: start) == true)
        lookUps.linkCameUp()
        #expect(lookUps.mayLook(at: bia, at: start) == false)
        lookUps.opened(bia)
        #expect(lookUps.mayLook(at: bia, at: start) == true)
    }

    @Test func theNextLookIsTheEarliest() {
        var lookUps = LookUps()
        lookUps.looked(at: bia, isUnproved: true, at: start + .seconds(5))
        lookUps.looked(at: caio, isUnproved: true, at: start)
        #expect(lookUps.mayLook(at: bia, at: start) == false)
        #expect(lookUps.mayLook(at: caio, at: start) == false)
        #expect(lookUps.next == start + .seconds(2))
    }
}

@Suite struct PostponementsTests {
    private let start = MonotonicInstant(nanoseconds: 0)
    private let one = TempID("t1")

    @Test func aPauseEndsWithItsTimeAndTheRefusalsStay() {
        var postponed = Postponements()
        postponed.add(one, until: start + .seconds(2))
        #expect(postponed.contains(one) && postponed.refusals(of: one) == 1)
        #expect(postponed.deadline == start + .seconds(2))
        postponed.expire(at: start + .seconds(1))
        #expect(postponed.contains(one))
        postponed.expire(at: start + .seconds(2))
        #expect(!postponed.contains(one) && postponed.deadline == nil)
        postponed.add(one, until: start + .seconds(9))
        #expect(postponed.refusals(of: one) == 2)
        postponed.end(one)
        #expect(!postponed.contains(one) && postponed.refusals(of: one) == 2)
    }

    @Test func theNextLinkBeginsAnew() {
        var postponed = Postponements()
        postponed.add(one, until: start + .seconds(2))
        postponed.linkWentDown()
        #expect(!postponed.contains(one) && postponed.refusals(of: one) == 0)
    }
}
