import ChatWire
import Synchronization

/// A sum of bytes that one holder, and all of them together, may make the server keep.
final class ByteBudget<Holder: Hashable & Sendable>: Sendable {
    private struct State {
        var held: [Holder: Int] = [:]
        var sum = 0
    }

    private let each: Int
    private let all: Int
    private let state = Mutex(State())

    init(each: Int, all: Int) {
        self.each = each
        self.all = all
    }

    /// The sum at present.
    var sum: Int { state.withLock { $0.sum } }

    /// Whether one holder alone has no more room.
    func isUsedUp(by holder: Holder) -> Bool { state.withLock { $0.held[holder, default: 0] >= each } }

    /// Counts `count` bytes for `holder`, unless they are too many.
    ///
    /// - Parameter allowsOne: takes any number for a holder who has none yet.
    func take(_ count: Int, for holder: Holder, allowsOne: Bool = false) -> Bool {
        guard count > 0 else { return true }
        return state.withLock { state in
            let held = state.held[holder, default: 0]
            guard held + count <= each || (allowsOne && held == 0), state.sum + count <= all || state.sum == 0
            else { return false }
            state.held[holder] = held + count
            state.sum += count
            return true
        }
    }

    /// Counts `count` bytes no longer.
    func give(_ count: Int, of holder: Holder) {
        guard count > 0 else { return }
        state.withLock { state in
            let left = state.held[holder, default: 0] - count
            state.held[holder] = left > 0 ? left : nil
            state.sum -= count
        }
    }
}

extension ByteBudget where Holder == UserID {
    /// Counts until the hold is let go. One thing is always allowed, however large.
    func hold(_ count: Int, for holder: Holder) -> ByteHold? {
        guard take(count, for: holder, allowsOne: true) else { return nil }
        return ByteHold(self, count, holder)
    }
}

/// Bytes that are counted as long as somebody has this.
final class ByteHold: Sendable, Equatable {
    private let budget: ByteBudget<UserID>
    private let count: Int
    private let holder: UserID

    fileprivate init(_ budget: ByteBudget<UserID>, _ count: Int, _ holder: UserID) {
        self.budget = budget
        self.count = count
        self.holder = holder
    }

    deinit { budget.give(count, of: holder) }

    static func == (left: ByteHold, right: ByteHold) -> Bool { left === right }
}
