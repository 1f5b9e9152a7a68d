import Logging
import NIOCore
import Synchronization

/// The open connections. A stop can close them, and connections without a request make room for others.
final class ConnectionRegistry: Sendable {
    /// The maximum numbers of connections.
    struct Limits: Sendable {
        /// All connections.
        var all = Int.max
        /// Connections of one address with an unfinished request. A new one displaces the oldest.
        var unfinished = 512
        /// Addresses that stand for many clients, so that the limit per address does not hold for them.
        var proxies = TrustedProxies()
    }

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var unfinished: [String: Unfinished] = [:]
        /// The number of the last request that began. A channel's identity would not do, because a later
        /// channel may reuse it.
        var lastNumber: UInt64 = 0
        var isStopping = false
        /// Whether a connection was turned away and the number has not fallen below half the limit since.
        var isFull = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// The connections of one address with an unfinished request, oldest first.
    private struct Unfinished {
        var order: [UInt64] = []
        var channels: [UInt64: any Channel] = [:]

        /// Removes and returns the oldest connection if there are more than `most`.
        mutating func removeOldest(beyond most: Int) -> (any Channel)? {
            if order.count > 2 * channels.count + 16 { order.removeAll { channels[$0] == nil } }
            guard channels.count > most else { return nil }
            while !order.isEmpty {
                if let channel = channels.removeValue(forKey: order.removeFirst()) { return channel }
            }
            return nil
        }
    }

    private let limits: Limits
    private let state = Mutex(State())
    private let counters: ConnectionCounters
    private let logger: Logger

    init(
        limits: Limits = Limits(), counters: ConnectionCounters = ConnectionCounters(), logger: Logger
    ) {
        self.limits = limits
        self.counters = counters
        self.logger = logger
    }

    /// Registers a connection.
    ///
    /// - Returns: nil when there are too many; then the caller must close the connection.
    func add(_ channel: any Channel) -> ConnectionLease? {
        let id = ObjectIdentifier(channel)
        let verdict: (isTaken: Bool, isStopping: Bool) = state.withLock { state in
            guard state.channels.count < limits.all else { return (false, state.isStopping) }
            state.channels[id] = channel
            return (true, state.isStopping)
        }
        guard verdict.isTaken else {
            counters.turnedAway.add()
            noticeRefusal()
            return nil
        }
        counters.opened.add()
        let lease = ConnectionLease(self, channel, address: channel.remoteAddress?.ipAddress ?? "")
        channel.closeFuture.whenComplete { [weak self, lease] _ in
            lease.settle()
            self?.remove(id)
        }
        lease.begin()
        if verdict.isStopping { channel.close(promise: nil) }
        return lease
    }

    /// Logs one line for a period of too many connections, not one per connection.
    private func noticeRefusal() {
        let isFirst = state.withLock { state in
            defer { state.isFull = true }
            return !state.isFull
        }
        guard isFirst else { return }
        logger.error(
            "no new connections are accepted for now",
            metadata: ["open": "\(limits.all)", "advice": "\(OpenFileLimit.advice)"])
    }

    /// Registers a request that begins.
    ///
    /// - Returns: the number of the request, for ``settle(_:at:)``.
    fileprivate func begin(_ channel: any Channel, at address: String) -> UInt64 {
        let most = limits.proxies.trust(address) ? Int.max : limits.unfinished
        let (number, oldest) = state.withLock { state -> (UInt64, (any Channel)?) in
            state.lastNumber += 1
            let number = state.lastNumber
            state.unfinished[address, default: Unfinished()].order.append(number)
            state.unfinished[address]?.channels[number] = channel
            return (number, state.unfinished[address]?.removeOldest(beyond: most))
        }
        oldest?.close(promise: nil)
        return number
    }

    fileprivate func settle(_ number: UInt64, at address: String) {
        state.withLock { state in
            state.unfinished[address]?.channels[number] = nil
            if state.unfinished[address]?.channels.isEmpty == true { state.unfinished[address] = nil }
        }
    }

    private func remove(_ id: ObjectIdentifier) {
        counters.closed.add()
        let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.channels[id] = nil
            if state.channels.count < limits.all / 2 { state.isFull = false }
            guard state.isStopping, state.channels.isEmpty else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in ready { continuation.resume() }
    }

    /// Informs every connection that the server is stopping.
    func announceStop() {
        let channels = state.withLock { state in
            state.isStopping = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ServerIsStopping()) }
    }

    /// Closes all open connections at once.
    func closeAll() {
        for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }

    /// Waits until no connection is left.
    func allClosed() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.channels.isEmpty { state.waiting.append(continuation) }
                return state.channels.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }
}

/// A connection's entry in the registry. It counts the connection while its request is unfinished.
final class ConnectionLease: Sendable {
    /// The peer's address without the port.
    let address: String
    private let registry: ConnectionRegistry
    private let channel: any Channel
    /// The number of the unfinished request; nil when there is none.
    private let unfinished = Mutex<UInt64?>(nil)

    fileprivate init(_ registry: ConnectionRegistry, _ channel: any Channel, address: String) {
        self.registry = registry
        self.channel = channel
        self.address = address
    }

    /// Records that a request has begun to arrive.
    func begin() {
        unfinished.withLock { number in
            if number == nil { number = registry.begin(channel, at: address) }
        }
    }

    /// Records that the request is complete, or that the connection has ended.
    func settle() {
        unfinished.withLock { number in
            if let number { registry.settle(number, at: address) }
            number = nil
        }
    }
}
