import NIOCore

/// Spreads the handshakes of many connections over time, because each costs as much processor time as many messages.
/// Between two groups of steps the event loop serves everybody else.
///
/// It belongs to one event loop.
final class HandshakePacer {
    private let eventLoop: any EventLoop
    /// The steps that may still run before the next pause.
    private var left = HandshakePacer.groupSize
    private var waiting = CircularBuffer<() -> Void>()
    private var isScheduled = false

    /// How many steps run between two pauses: about a millisecond of work.
    static let groupSize = 4
    static let pause = TimeAmount.milliseconds(1)

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Runs a step of a handshake, at once if few have run lately. Steps run in order.
    func run(_ step: @escaping () -> Void) {
        scheduleGroup()
        guard left > 0, waiting.isEmpty else { return waiting.append(step) }
        left -= 1
        step()
    }

    private func scheduleGroup() {
        guard !isScheduled else { return }
        isScheduled = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.pause) { bound.value.runGroup() }
    }

    private func runGroup() {
        isScheduled = false
        left = Self.groupSize
        guard !waiting.isEmpty else { return }
        scheduleGroup()
        while left > 0, let step = waiting.popFirst() {
            left -= 1
            step()
        }
    }
}
