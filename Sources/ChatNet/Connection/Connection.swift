import ChatCrypto
import ChatWire

/// A connected byte stream to a server, plain or over TLS. It lives on its I/O thread.
///
/// Only one task may read at a time. Any number may send, and their bytes go out in the order of the calls. After an
/// error (other than from a cancelled or expired read) the connection is closed. It also closes when nobody refers to
/// it any more.
public actor Connection {
    public nonisolated let thread: IOThread
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// The requested host and port: `example.org:443`, `[::1]:5000`.
    public nonisolated let endpoint: String

    /// How the connection was made.
    public private(set) var report = ConnectionReport()

    private let timeouts: NetTimeouts
    private let limits: NetLimits

    private enum State {
        /// Bytes go both ways, or the TLS handshake is under way.
        case open(ConnectionStream)
        /// Nothing more is said. The connection waits for the peer to end, until the timer fires.
        case ending(ConnectionStream, IOTimer)
        case closed(NetError)
    }

    private var state: State
    private var watch: SocketWatch?

    /// Received and decrypted, but not read yet.
    private var received = ReceivedBytes()
    private var reader: OneShot<Result<[UInt8]?, NetError>>?

    private var unsent: OutgoingBytes
    private var stallTimer: IOTimer?

    private init(socket: SocketBox, endpoint: String, configuration: NetConfiguration, thread: IOThread) {
        self.endpoint = endpoint
        self.thread = thread
        timeouts = configuration.timeouts
        limits = configuration.limits
        unsent = OutgoingBytes(limit: configuration.limits.sendBufferSoft)
        state = .open(ConnectionStream(socket: socket))
    }

    deinit {
        watch?.end()
        stallTimer?.cancel()
    }

    private var stream: ConnectionStream? {
        switch state {
        case .open(let stream), .ending(let stream, _): stream
        case .closed: nil
        }
    }

    /// Why nothing can be sent any more; nil while the connection is open.
    private var failure: NetError? {
        switch state {
        case .open: nil
        case .ending: .cancelled
        case .closed(let error): error
        }
    }

    private var isEnding: Bool {
        if case .ending = state { true } else { false }
    }

    // MARK: - Opening

    /// Takes over a connection that a ``LoopbackListener`` has accepted.
    package static func adopt(
        _ descriptor: Int32, endpoint: String, configuration: NetConfiguration, thread: IOThread
    ) async -> Connection {
        await adopt(
            SocketBox(TCPSocket(adopting: descriptor)), endpoint: endpoint, configuration: configuration,
            thread: thread)
    }

    /// Takes over a connected socket.
    static func adopt(
        _ socket: SocketBox, endpoint: String, configuration: NetConfiguration, thread: IOThread
    ) async -> Connection {
        let connection = Connection(
            socket: socket, endpoint: endpoint, configuration: configuration, thread: thread)
        await connection.startWatching()
        return connection
    }

    private func startWatching() {
        watch = stream.map {
            SocketWatch($0.socket, on: thread) { [weak self] ready in
                self?.assumeIsolated { $0.handle(ready) }
            }
        }
    }

    /// Notes how the connection was made.
    func keep(_ report: ConnectionReport) { self.report = report }

    /// Completes the TLS handshake as a client of `host`.
    func secure(host: String, trust: TrustPolicy) async throws(NetError) {
        let start = thread.now
        let established = OneShot<Result<Void, NetError>>()
        do {
            let tls = try TLSSession(clientTo: host, trusting: trust, applicationProtocols: ["http/1.1"])
            change {
                $0.tls = tls
                $0.handshake = established
            }
        } catch {
            fail(.tls(error, endpoint: endpoint))
            throw .tls(error, endpoint: endpoint)
        }
        sendCiphertext()
        updateInterest()
        let timer = thread.schedule(after: timeouts.secure) { [endpoint] in
            established.resolve(.failure(.timeout(phase: .secure, endpoint: endpoint)))
        }
        let result = await established.value(ifCancelled: .failure(.cancelled))
        timer.cancel()
        change { $0.handshake = nil }
        if case .failure(let error) = result {
            fail(error)
            throw error
        }
        report.securing = thread.now - start
        report.protocolVersion = stream?.tls?.protocolVersion
        report.certificate = stream?.tls?.peerCertificate
    }

    /// Changes the stream of a connection that is open; does nothing to any other.
    private func change(_ body: (inout ConnectionStream) -> Void) {
        guard case .open(var stream) = state else { return }
        body(&stream)
        state = .open(stream)
    }

    // MARK: - Reading

    /// Waits for bytes until `deadline`. Returns at least one byte, or `nil` when the peer has sent everything. Over
    /// TLS an end without close_notify is a failure, because an attacker may have caused it.
    ///
    /// An expired or cancelled read takes nothing and leaves the connection unchanged.
    public func read(
        until deadline: MonotonicInstant = .distantFuture, phase: NetPhase = .responseBody
    ) async throws(NetError) -> [UInt8]? {
        precondition(reader == nil, "two tasks read from one connection")
        if let ready = takeReceived() { return try ready.get() }
        let waiter = OneShot<Result<[UInt8]?, NetError>>()
        reader = waiter
        updateInterest()
        var timer: IOTimer?
        if deadline != .distantFuture {
            timer = thread.schedule(at: deadline) { [endpoint] in
                waiter.resolve(.failure(.timeout(phase: phase, endpoint: endpoint)))
            }
        }
        let result = await waiter.value(ifCancelled: .failure(.cancelled))
        timer?.cancel()
        if reader === waiter { reader = nil }
        return try result.get()
    }

    /// Whether the connection is open and the peer has sent nothing: then it can carry another request.
    public func isQuiet() -> Bool {
        guard failure == nil else { return false }
        receiveFromSocket()
        return received.isQuiet && failure == nil
    }

    /// What has been read belongs to the next reader.
    func putBack(_ bytes: [UInt8]) { received.putBack(bytes) }

    private func takeReceived() -> Result<[UInt8]?, NetError>? {
        if case .ready(let bytes) = received.take() { return .success(bytes) }
        return failure.map { .failure($0) }
    }

    private func deliver() {
        guard let waiter = reader, !waiter.isResolved, let ready = takeReceived() else { return }
        reader = nil
        // Cancelled at this very moment: the bytes stay for the next reader.
        if !waiter.resolve(ready), case .success(let bytes?) = ready { received.putBack(bytes) }
    }

    private func receiveFromSocket() {
        guard let box = stream?.socket, !received.hasEnded else { return }
        let (outcome, bytes) = box.read()
        switch outcome {
        case .success(.wouldBlock): return
        case .success(.bytes): receive(bytes)
        case .success(.end): receiveEnd()
        case .failure: fail(.closed(endpoint: endpoint))
        }
    }

    private func receive(_ bytes: [UInt8]) {
        guard let tls = stream?.tls else { return received.append(bytes) }
        do {
            try tls.receive(bytes)
            received.append(try tls.readPlaintext())
        } catch {
            // The alert with the reason still goes out.
            sendCiphertext()
            fail(.tls(error, endpoint: endpoint))
            return
        }
        sendCiphertext()
        if tls.isEstablished { stream?.handshake?.resolve(.success(())) }
        if tls.isClosedByPeer { received.end() }
    }

    private func receiveEnd() {
        if let tls = stream?.tls, !tls.isClosedByPeer {
            fail(.closed(endpoint: endpoint))
        } else {
            received.end()
        }
    }

    // MARK: - Sending

    /// Sends `bytes`, and waits while much is unsent. It returns when the bytes are queued; the peer may not have
    /// them yet.
    public func send(_ bytes: [UInt8]) async throws(NetError) {
        try enqueue(bytes)
        try await waitForSpace()
    }

    /// Queues `bytes` for sending, without waiting. When more than the hard limit is already unsent, it fails and
    /// closes the connection.
    public func enqueue(_ bytes: [UInt8]) throws(NetError) {
        if let failure { throw failure }
        guard unsent.count <= limits.sendBufferHard else {
            let error = NetError.sendBufferFull(limit: limits.sendBufferHard, endpoint: endpoint)
            fail(error)
            throw error
        }
        if let tls = stream?.tls {
            do {
                try tls.write(bytes)
            } catch {
                fail(.tls(error, endpoint: endpoint))
                throw .tls(error, endpoint: endpoint)
            }
            sendCiphertext()
        } else {
            queue(bytes)
        }
        if let failure { throw failure }
    }

    /// Waits until no more than the soft limit is unsent.
    public func waitForSpace() async throws(NetError) {
        guard let waiter = unsent.waiter() else { return }
        try await waiter.value(ifCancelled: .failure(.cancelled)).get()
    }

    private func sendCiphertext() {
        guard let tls = stream?.tls else { return }
        queue(tls.takeCiphertext())
    }

    private func queue(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, stream != nil else { return }
        if unsent.append(bytes, at: thread.now) { sendToSocket() }
    }

    private func sendToSocket() {
        guard let box = stream?.socket else { return }
        do {
            try unsent.send(to: box, thread)
        } catch {
            fail(.closed(endpoint: endpoint))
            return
        }
        if unsent.isEmpty {
            if isEnding { stream?.endWriting() }
        } else {
            watchForStall()
        }
        updateInterest()
    }

    /// A peer that accepts nothing for too long is gone or hostile.
    private func watchForStall() {
        guard stallTimer == nil else { return }
        stallTimer = thread.schedule(at: unsent.lastProgress + timeouts.send) { [weak self] in
            self?.assumeIsolated { $0.judgeStall() }
        }
    }

    private func judgeStall() {
        stallTimer = nil
        guard !unsent.isEmpty else { return }
        if thread.now >= unsent.lastProgress + timeouts.send {
            fail(.timeout(phase: .send, endpoint: endpoint))
        } else {
            watchForStall()
        }
    }

    // MARK: - Readiness

    private func handle(_ ready: IOInterest) {
        if ready.contains(.writable) { sendToSocket() }
        guard ready.contains(.readable) else { return }
        guard wantsInput else {
            // Nobody reads: let the system's buffer fill up, and the peer wait.
            watch?.ignore(.readable)
            return
        }
        receiveFromSocket()
        if isEnding {
            received.discard()
            if received.hasEnded { closeNow(.cancelled) }
        }
        deliver()
    }

    private var wantsInput: Bool { reader != nil || stream?.handshake != nil || isEnding }

    /// Interest in input ends only when input arrives that nobody wants: the next read usually follows soon.
    private func updateInterest() {
        guard var interest = watch?.interest else { return }
        if wantsInput { interest.insert(.readable) }
        if unsent.isEmpty { interest.remove(.writable) } else { interest.insert(.writable) }
        watch?.change(to: interest)
    }

    // MARK: - Closing

    /// Closes gracefully: sends what is unsent and an end, and releases the connection as soon as the peer has ended
    /// too, after `patience` at the latest. What is undelivered then is discarded. Returns at once. A pending read
    /// throws `.cancelled`.
    public func close(patience: Duration = .seconds(2)) {
        guard case .open(let stream) = state else { return }
        // The timer's strong reference keeps the connection alive for this time.
        let timer = thread.schedule(after: patience) {
            self.assumeIsolated { $0.closeWithoutDelivering(.cancelled) }
        }
        state = .ending(stream, timer)
        stream.handshake?.resolve(.failure(.cancelled))
        releaseWaiters(.cancelled)
        if received.hasEnded && unsent.isEmpty {
            stream.endWriting()
            closeNow(.cancelled)
        } else if unsent.isEmpty {
            stream.endWriting()
            updateInterest()
        }
    }

    /// Closes at once, without sending anything.
    public func abort() {
        fail(.cancelled)
    }

    private func fail(_ error: NetError) {
        let handshake = stream?.handshake
        closeWithoutDelivering(failure ?? error)
        handshake?.resolve(.failure(error))
        releaseWaiters(error)
    }

    private func releaseWaiters(_ error: NetError) {
        deliver()
        unsent.releaseSenders(.failure(error))
    }

    /// What the peer has not taken by now must not reach it later: a message that counts as undelivered may be sent
    /// again on another connection.
    private func closeWithoutDelivering(_ error: NetError) {
        stream?.socket.socket.discardUndelivered()
        closeNow(error)
    }

    private func closeNow(_ error: NetError) {
        if case .ending(_, let timer) = state { timer.cancel() }
        state = .closed(error)
        watch?.end()
        watch = nil
        unsent.discard()
        stallTimer?.cancel()
        stallTimer = nil
    }
}
