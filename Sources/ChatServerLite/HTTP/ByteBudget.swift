import ChatWire
import Synchronization

/// A limit on the bytes that the server keeps, for one holder and for all holders together.
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

    /// The number of bytes counted at present.
    var sum: Int { state.withLock { $0.sum } }

    /// Whether one holder has used up its own limit.
    func isUsedUp(by holder: Holder) -> Bool { state.withLock { $0.held[holder, default: 0] >= each } }

    /// Counts `count` bytes for `holder`, unless they exceed a limit.
    ///
    /// - Parameter allowsOne: whether a holder without any bytes may exceed its own limit.
    /// - Returns: false when the bytes exceed a limit; then nothing is counted.
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

    /// Stops counting `count` bytes.
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
    /// Counts bytes until the hold is released. A holder's first hold may have any size.
    ///
    /// - Returns: nil when a limit is exceeded.
    func hold(_ count: Int, for holder: Holder) -> ByteHold? {
        guard take(count, for: holder, allowsOne: true) else { return nil }
        return ByteHold(self, count, holder)
    }
}

/// Counts bytes for as long as this object exists.
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
