/// Waits for a socket to become readable or writable, and remembers what it waits for.
struct SocketWatch: Sendable {
    private let watch: IOWatch
    private(set) var interest: IOInterest = []

    /// Waits for nothing yet. `handler` runs on the thread.
    init(_ box: SocketBox, on thread: IOThread, _ handler: @escaping IOThread.Handler) {
        watch = thread.watch(box.socket.descriptor, for: [], handler)
    }

    mutating func change(to interest: IOInterest) {
        guard interest != self.interest else { return }
        self.interest = interest
        watch.change(to: interest)
    }

    mutating func ignore(_ readiness: IOInterest) { change(to: interest.subtracting(readiness)) }

    func end() { watch.end() }
}
