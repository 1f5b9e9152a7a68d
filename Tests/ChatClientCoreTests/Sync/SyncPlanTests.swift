import ChatWire
import TestSupport
import Testing

@testable import ChatClientCore

@Suite struct SyncPlanTests {
    private let start = MonotonicInstant(nanoseconds: 0)

    @Test func aNewLinkAsksForEverythingTwoAtATime() {
        var plan = SyncPlan()
        #expect(plan.next(at: start) == [])
        plan.begin(at: start)
        #expect(plan.next(at: start) == [.serverInformation, .contacts])
        #expect(plan.next(at: start) == [])
        plan.finish(.serverInformation)
        #expect(plan.next(at: start) == [.unread])
        #expect(plan.isOpen(.unread) && plan.isOpen(.contacts) && !plan.isOpen(.serverInformation))
    }

    @Test func noPageIsFetchedBeforeTheServersAbilitiesAreKnown() {
        var plan = SyncPlan()
        plan.begin(at: start)
        plan.add(.page(bia, limit: 50))
        #expect(plan.next(at: start) == [.serverInformation, .contacts])
        plan.finish(.contacts)
        #expect(plan.next(at: start) == [.unread])
        plan.finish(.unread)
        #expect(plan.next(at: start) == [])
        plan.finish(.serverInformation)
        #expect(plan.next(at: start) == [.page(bia, limit: 50)])
    }

    /// The list says which contacts there are, and all of it what is new in a conversation.
    @Test func whatThePersonWantsIsToldOnlyWhenTheNewsAreKnown() {
        var plan = SyncPlan()
        plan.begin(at: start)
        for step in [SyncPlan.Step.deleteConversation(bia), .contactWish(caio), .page(bia, limit: 50)] {
            plan.add(step)
        }
        _ = plan.next(at: start)
        plan.finish(.contacts)
        #expect(plan.next(at: start) == [.unread])
        plan.finish(.unread)
        #expect(plan.next(at: start) == [.contactWish(caio)])
        plan.finish(.contactWish(caio))
        plan.finish(.serverInformation)
        #expect(plan.next(at: start) == [.page(bia, limit: 50)])
        plan.finish(.page(bia, limit: 50))
        #expect(plan.next(at: start) == [.deleteConversation(bia)])
    }

    @Test func stepsOfOneKindAreToldApartByWhatTheyAreAbout() {
        let steps: [SyncPlan.Step] = [
            .page(bia, limit: 50), .page(bia, limit: 200), .page(caio, limit: 50), .contacts, .unread,
            .contactWish(bia), .deleteConversation(bia), .deleteMessage(MessageID(2)),
            .deleteMessage(MessageID(3)),
        ]
        #expect(Set(steps).count == steps.count)
        #expect(SyncPlan.Step.page(bia, limit: 50) == steps[0])
    }

    @Test func aServerThatKeepsTheChangesIsAskedForThemOnly() {
        var plan = SyncPlan()
        plan.begin(at: start)
        for _ in 0..<3 { for step in plan.next(at: start) { plan.finish(step) } }
        plan.followChanges(at: start)
        #expect(plan.next(at: start) == [.changes])
        plan.finish(.changes)
        #expect(plan.next(at: start + SyncPlan.pollInterval) == [])
        #expect(plan.next(at: start + SyncPlan.changesInterval) == [.changes])
    }

    @Test func aQuestionThatFailedIsAskedAgainLater() throws {
        var generator = SeededGenerator(seed: 5)
        var plan = SyncPlan()
        plan.begin(at: start)
        _ = plan.next(at: start)
        plan.postpone(.serverInformation, retryAfter: .seconds(3), at: start, using: &generator)
        #expect(plan.next(at: start) == [.unread])
        plan.finish(.contacts)
        #expect(plan.deadline == start + .seconds(3))
        #expect(plan.next(at: start + .seconds(3)) == [.serverInformation])
    }

    @Test func aQuestionAskedWhileItRunsIsAskedAgainAfterwards() {
        var plan = SyncPlan()
        plan.begin(at: start)
        _ = plan.next(at: start)
        plan.add(.contacts)
        plan.add(.contacts)
        plan.finish(.serverInformation)
        #expect(plan.next(at: start) == [.unread])
        plan.finish(.contacts)
        #expect(plan.next(at: start) == [.contacts])
    }

    @Test func theServerIsAskedForNewsFromTimeToTime() {
        var plan = SyncPlan()
        plan.begin(at: start)
        for _ in 0..<3 { for step in plan.next(at: start) { plan.finish(step) } }
        #expect(plan.deadline == start + SyncPlan.pollInterval)
        #expect(plan.next(at: start + SyncPlan.pollInterval) == [.contacts, .unread])
    }

    @Test func nothingOutlivesTheLink() {
        var plan = SyncPlan()
        plan.begin(at: start)
        _ = plan.next(at: start)
        plan.stop()
        plan.add(.contacts)
        #expect(plan.next(at: start + .seconds(100)) == [])
        #expect(plan.deadline == nil)
    }
}
