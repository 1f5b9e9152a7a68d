import ChatWire

/// Carries out one ``ConnectRace`` on the I/O thread.
actor Connector {
    nonisolated let thread: IOThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private struct Attempt {
        let box: SocketBox
        let watch: IOWatch
    }

    private let endpoint: String
    private var race: ConnectRace
    private var attempts: [Int: Attempt] = [:]
    private var timer: IOTimer?
    private let outcome = OneShot<Result<SocketBox, NetError>>()

    private init(race: ConnectRace, endpoint: String, thread: IOThread) {
        self.race = race
        self.endpoint = endpoint
        self.thread = thread
    }

    /// A socket connected to one of `addresses`, which must not be empty; `endpoint` is for messages.
    static func connect(
        to addresses: [SocketAddress], endpoint: String, timeouts: NetTimeouts, thread: IOThread,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> SocketBox {
        let race = ConnectRace(addresses: addresses, stagger: timeouts.connectStagger)
        return try await Connector(race: race, endpoint: endpoint, thread: thread).run(timeouts.connect)
    }

    private func run(_ timeout: Duration) async throws(NetError) -> SocketBox {
        let timeoutTimer = thread.schedule(after: timeout) { [outcome, endpoint] in
            outcome.resolve(.failure(.timeout(phase: .connect, endpoint: endpoint)))
        }
        advance()
        let result = await outcome.value(ifCancelled: .failure(.cancelled))
        timeoutTimer.cancel()
        timer?.cancel()
        for attempt in attempts.values { attempt.watch.end() }
        attempts.removeAll()
        return try result.get()
    }

    private func advance() {
        while let attempt = race.nextAttempt(at: thread.now) { start(attempt) }
        if case .lost(let error) = race.outcome {
            outcome.resolve(.failure(error.connectFailure(endpoint: endpoint)))
        }
        timer?.cancel()
        timer = race.deadline.map { deadline in
            thread.schedule(at: deadline) { [weak self] in self?.assumeIsolated { $0.advance() } }
        }
    }

    private func start(_ attempt: Int) {
        let address = race.addresses[attempt]
        do throws(SystemError) {
            let box = SocketBox(try TCPSocket(family: address.family))
            if try box.socket.connect(to: address) {
                win(attempt, box)
            } else {
                let watch = thread.watch(box.socket.descriptor, for: .writable) { [weak self] _ in
                    self?.assumeIsolated { $0.decide(attempt) }
                }
                attempts[attempt] = Attempt(box: box, watch: watch)
            }
        } catch {
            race.attemptFailed(attempt, error)
        }
    }

    /// The socket of an attempt has become writable: connected or failed.
    private func decide(_ attempt: Int) {
        guard let ended = attempts.removeValue(forKey: attempt) else { return }
        ended.watch.end()
        if let error = ended.box.socket.connectionError() {
            race.attemptFailed(attempt, error)
            advance()
        } else {
            win(attempt, ended.box)
        }
    }

    private func win(_ attempt: Int, _ box: SocketBox) {
        race.attemptSucceeded(attempt)
        outcome.resolve(.success(box))
    }
}
