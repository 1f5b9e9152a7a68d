import ChatWire

/// A priority queue of deadlines with cancellation, without a clock of its own. Equal deadlines come out in the order
/// in which they were added.
struct TimerQueue<Payload> {
    struct Identifier: Hashable, Comparable, Sendable {
        fileprivate let number: UInt64

        static func < (left: Identifier, right: Identifier) -> Bool { left.number < right.number }
    }

    private struct Entry {
        let deadline: MonotonicInstant
        let identifier: Identifier

        func precedes(_ other: Entry) -> Bool {
            (deadline, identifier) < (other.deadline, other.identifier)
        }
    }

    /// A binary heap. Entries without a payload are cancelled. They are removed when they reach the top, or all at
    /// once when there are too many.
    private var heap: [Entry] = []
    private var payloads: [Identifier: Payload] = [:]
    private var nextNumber: UInt64 = 0

    var isEmpty: Bool { payloads.isEmpty }

    var count: Int { payloads.count }

    /// The earliest deadline.
    var nextDeadline: MonotonicInstant? { heap.first?.deadline }

    mutating func schedule(_ payload: Payload, at deadline: MonotonicInstant) -> Identifier {
        let identifier = Identifier(number: nextNumber)
        nextNumber += 1
        payloads[identifier] = payload
        heap.append(Entry(deadline: deadline, identifier: identifier))
        siftUp(from: heap.count - 1)
        return identifier
    }

    /// Cancels an entry; returns whether it was still there.
    @discardableResult
    mutating func cancel(_ identifier: Identifier) -> Bool {
        guard payloads.removeValue(forKey: identifier) != nil else { return false }
        if heap.count > 2 * payloads.count + 64 { dropAllCancelled() }
        dropCancelledTop()
        return true
    }

    /// Removes and returns the earliest entry if its deadline is not after `now`.
    mutating func popDue(at now: MonotonicInstant) -> Payload? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        removeTop()
        defer { dropCancelledTop() }
        return payloads.removeValue(forKey: first.identifier)
    }

    private mutating func dropCancelledTop() {
        while let first = heap.first, payloads[first.identifier] == nil { removeTop() }
    }

    private mutating func dropAllCancelled() {
        heap.removeAll { payloads[$0.identifier] == nil }
        // A sorted array is a heap.
        heap.sort { $0.precedes($1) }
    }

    private mutating func removeTop() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown()
    }

    private mutating func siftUp(from index: Int) {
        var child = index
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var first = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].precedes(heap[first]) {
                first = child
            }
            guard first != parent else { return }
            heap.swapAt(parent, first)
            parent = first
        }
    }
}
