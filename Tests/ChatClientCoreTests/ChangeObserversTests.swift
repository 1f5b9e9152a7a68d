import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct ChangeObserversTests {
    @Test func whatWasNotTakenYetIsCoalescedButNoticesAreNot() async {
        let observers = ChangeObservers()
        let stream = observers.add()
        let notice = ChatNotice.serverError("x")
        for change in [
            ChatChange.timeline(bia), .conversations, .notice(notice), .timeline(caio), .timeline(bia),
            .notice(notice),
            .typing(bia, true), .typing(bia, false),
        ] { observers.announce(change) }
        observers.finish()
        var seen: [ChatChange] = []
        for await change in stream { seen.append(change) }
        #expect(
            seen == [
                .conversations, .notice(notice), .timeline(caio), .timeline(bia), .notice(notice),
                .typing(bia, false),
            ])
    }

    @Test func everyObserverSeesEverythingFromItsBeginning() async {
        let observers = ChangeObservers()
        let first = observers.add()
        observers.announce(.conversations)
        let second = observers.add()
        observers.announce(.timeline(bia))
        observers.finish()
        var seen: [[ChatChange]] = [[], []]
        for await change in first { seen[0].append(change) }
        for await change in second { seen[1].append(change) }
        #expect(seen == [[.conversations, .timeline(bia)], [.timeline(bia)]])
    }

    @Test func anObserverThatTakesNothingHasABound() async {
        let queue = ChangeQueue()
        for number in 0..<5000 { queue.push(.notice(.held(count: number))) }
        queue.finish()
        var seen: [ChatChange] = []
        while let change = await queue.next() { seen.append(change) }
        #expect(seen.count == ChangeQueue.capacity)
        #expect(seen.last == .notice(.held(count: 4999)))
    }

    @Test func aCancelledObserverEnds() async {
        let observers = ChangeObservers()
        let stream = observers.add()
        let task = Task {
            var count = 0
            for await _ in stream { count += 1 }
            return count
        }
        observers.announce(.conversations)
        task.cancel()
        let count = await task.value
        #expect(count <= 1)
    }
}
