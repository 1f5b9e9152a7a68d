import ChatNet
import ChatWire

/// Wakes a scenario when something has arrived. It lives on the thread of the runner.
actor Arrivals {
    nonisolated let thread: IOThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private var waiter: CheckedContinuation<Void, Never>?
    /// How many things have arrived.
    private(set) var count = 0

    init(thread: IOThread) { self.thread = thread }

    /// Something has arrived: wakes up what waits.
    func poke() {
        count += 1
        waiter?.resume()
        waiter = nil
    }

    /// Waits until more than `seen` things have arrived, or until the deadline.
    func wait(after seen: Int, until deadline: MonotonicInstant) async {
        guard seen == count else { return }
        let timer = thread.schedule(at: deadline) { [weak self] in self?.assumeIsolated { $0.poke() } }
        await withCheckedContinuation { waiter = $0 }
        timer.cancel()
    }
}
