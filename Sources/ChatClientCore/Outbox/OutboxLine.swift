import ChatWire

/// What waits for one person, in the order of entry. Taking the first, and adding a last, cost the same however many
/// there are.
struct OutboxLine: Equatable, Sendable {
    private struct Place: Equatable {
        let number: Int64
        let tempID: TempID
    }

    private var places: [Place] = []
    /// Those before it are gone.
    private var start = 0

    var first: TempID? { start < places.count ? places[start].tempID : nil }

    mutating func insert(_ tempID: TempID, at number: Int64) {
        places.insert(Place(number: number, tempID: tempID), at: index(of: number))
    }

    mutating func remove(_ tempID: TempID, at number: Int64) {
        let index = index(of: number)
        guard index < places.count, places[index].tempID == tempID else { return }
        guard index == start else {
            places.remove(at: index)
            return
        }
        start += 1
        if start > 32, start * 2 > places.count {
            places.removeFirst(start)
            start = 0
        }
    }

    /// Where a number stands, or would.
    private func index(of number: Int64) -> Int {
        if let last = places.last, last.number < number { return places.count }
        var low = start
        var high = places.count
        while low < high {
            let middle = low + (high - low) / 2
            if places[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
