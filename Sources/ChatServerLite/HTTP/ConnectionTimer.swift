import NIOCore

/// Ends a connection that does not get on. It belongs to the connection's event loop.
///
/// One timer serves the whole life of the connection. When it fires before the deadline, it is set again; so a deadline
/// that moves away costs nothing.
final class ConnectionTimer {
    private let eventLoop: any EventLoop
    /// How often at least the deadline is looked at.
    private let interval: TimeAmount
    private let expire: () -> Void
    private var deadline = NIODeadline.distantFuture
    private var firesAt = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?

    /// - Parameters:
    ///   - timeout: the first deadline, from now on.
    ///   - expire: ends the connection.
    init(_ eventLoop: any EventLoop, timeout: TimeAmount, expire: @escaping () -> Void) {
        self.eventLoop = eventLoop
        interval = timeout
        self.expire = expire
        setDeadline(in: timeout)
    }

    func cancel() { timer?.cancel() }

    /// Nothing needs to happen until the next deadline is set.
    func removeDeadline() { deadline = .distantFuture }

    /// The connection ends after this time, whatever was said before.
    func setDeadline(in time: TimeAmount) {
        deadline = eventLoop.now + time
        if deadline < firesAt { start() }
    }

    /// The connection ends after this time, or before, if that was said.
    func bringForward(to time: TimeAmount) {
        if eventLoop.now + time < deadline { setDeadline(in: time) }
    }

    /// How long the head of a request may take from its first byte.
    static let headTime = TimeAmount.seconds(20)

    /// How long a body of so many bytes may take: as long as a head, and a second for every 4 KiB.
    static func bodyTime(_ bytes: Int) -> TimeAmount { headTime + .seconds(Int64(bytes / 4096)) }

    private func start() {
        timer?.cancel()
        firesAt = min(deadline, eventLoop.now + interval)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.scheduleTask(deadline: firesAt) { bound.value.fired() }
    }

    private func fired() {
        if deadline <= eventLoop.now { expire() } else { start() }
    }
}
