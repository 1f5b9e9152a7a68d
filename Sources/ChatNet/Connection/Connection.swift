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

    private var box: SocketBox?
    private var watch: IOWatch?
    private var watched: IOInterest = []
    private var tls: TLSSession?

    /// Received and decrypted, but not read yet.
    private var received: [UInt8] = []
    private var inputHasEnded = false
    private var failure: NetError?
    private var reader: OneShot<Result<[UInt8]?, NetError>>?
    private var handshake: OneShot<Result<Void, NetError>>?

    private var unsent = SendBuffer()
    private var senders: [OneShot<Result<Void, NetError>>] = []
    private var lastProgress = MonotonicInstant(nanoseconds: 0)
    private var stallTimer: IOTimer?

    /// Set while the connection only waits for the peer to close.
    private var lingerTimer: IOTimer?

    private static let readLength = 64 * 1024

    private init(box: SocketBox, endpoint: String, configuration: NetConfiguration, thread: IOThread) {
        self.box = box
        self.endpoint = endpoint
        self.thread = thread
        timeouts = configuration.timeouts
        limits = configuration.limits
    }

    deinit {
        watch?.end()
        stallTimer?.cancel()
        lingerTimer?.cancel()
    }

    // MARK: - Opening

    /// Connects to a host, by any of its addresses or through `proxy`. With `isSecure` it completes the TLS
    /// handshake.
    public static func open(
        host: String, port: Int, isSecure: Bool, proxy: ProxyServer? = nil, configuration: NetConfiguration,
        thread: IOThread, isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> Connection {
        let endpoint = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        guard let number = UInt16(exactly: port) else {
            throw .unreachable(endpoint: endpoint, reason: "there is no such port")
        }
        let connection: Connection
        var report = ConnectionReport()
        let start = thread.now
        if let proxy {
            connection = try await openTunnel(
                to: host, port: number, endpoint: endpoint, through: proxy, configuration, thread)
            report.proxy = proxy.endpoint
        } else {
            let addresses = try await allowedAddresses(
                of: host, port: number, endpoint, configuration, thread)
            report.addresses = addresses
            report.resolving = thread.now - start
            let box = try await Connector.connect(
                to: addresses, endpoint: endpoint, timeouts: configuration.timeouts, thread: thread)
            connection = Connection(
                box: box, endpoint: endpoint, configuration: configuration, thread: thread)
            await connection.startWatching()
        }
        report.connecting = thread.now - start - report.resolving
        await connection.keep(report)
        if isSecure { try await connection.secure(host: host, trust: configuration.trust) }
        return connection
    }

    /// Connects to the server of `url`, through the proxy that the configuration names for it.
    public static func open(
        to url: ServerURL, configuration: NetConfiguration, thread: IOThread,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> Connection {
        if let problem = configuration.proxy.problem(for: url) {
            throw .proxy(.unusable(problem.error), proxy: "of the variable \(problem.name)")
        }
        return try await open(
            host: url.host, port: url.port, isSecure: url.scheme == .https,
            proxy: configuration.proxy.proxy(for: url), configuration: configuration, thread: thread)
    }

    /// Takes over a connection that a ``LoopbackListener`` has accepted.
    package static func adopt(
        _ descriptor: Int32, endpoint: String, configuration: NetConfiguration, thread: IOThread
    ) async -> Connection {
        let box = SocketBox(TCPSocket(adopting: descriptor))
        let connection = Connection(
            box: box, endpoint: endpoint, configuration: configuration, thread: thread)
        await connection.startWatching()
        return connection
    }

    /// Connects to the proxy itself, as to any host; its failures are reported as the proxy's.
    static func open(
        proxy: ProxyServer, endpoint: String? = nil, configuration: NetConfiguration, thread: IOThread,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> Connection {
        do throws(NetError) {
            guard let port = UInt16(exactly: proxy.port) else {
                throw .unreachable(endpoint: proxy.endpoint, reason: "there is no such port")
            }
            let addresses = try await Resolver.addresses(
                of: proxy.host, port: port, timeout: configuration.timeouts.resolve, thread: thread)
            let box = try await Connector.connect(
                to: addresses, endpoint: proxy.endpoint, timeouts: configuration.timeouts, thread: thread)
            let connection = Connection(
                box: box, endpoint: endpoint ?? proxy.endpoint, configuration: configuration, thread: thread)
            await connection.startWatching()
            return connection
        } catch {
            throw error.ofProxy(proxy)
        }
    }

    private static func allowedAddresses(
        of host: String, port: UInt16, _ endpoint: String, _ configuration: NetConfiguration,
        _ thread: IOThread, isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> [SocketAddress] {
        let addresses = try await Resolver.addresses(
            of: host, port: port, timeout: configuration.timeouts.resolve, thread: thread)
        return try configuration.addresses.allowed(of: addresses, endpoint: endpoint)
    }

    private static func openTunnel(
        to host: String, port: UInt16, endpoint: String, through proxy: ProxyServer,
        _ configuration: NetConfiguration, _ thread: IOThread, isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> Connection {
        var target = ProxyHandshake.Target.name(host, port: port)
        try configuration.addresses.check(host: host, port: port, endpoint: endpoint)
        if proxy.kind == .socks5(resolvesLocally: true) {
            let addresses = try await allowedAddresses(of: host, port: port, endpoint, configuration, thread)
            if let address = addresses.first { target = .address(address) }
        } else if let address = SocketAddress(numericHost: host, port: port) {
            target = .address(address)
        }
        let connection = try await open(
            proxy: proxy, endpoint: endpoint, configuration: configuration, thread: thread)
        do throws(NetError) {
            try await connection.tunnel(ProxyHandshake(proxy, to: target))
            return connection
        } catch {
            await connection.abort()
            throw error.ofProxy(proxy)
        }
    }

    /// Talks to the proxy until the path to the server is open.
    private func tunnel(_ opening: ProxyHandshake) async throws(NetError) {
        var handshake = opening
        let deadline = thread.now + timeouts.connect
        try await send(proxied { () throws(ProxyFailure) in try handshake.start() })
        while !handshake.isOpen {
            let bytes = try await read(until: deadline, phase: .connect)
            let answer = try proxied { () throws(ProxyFailure) -> [UInt8] in
                guard let bytes else {
                    try handshake.receiveEnd()
                    return []
                }
                return try handshake.receive(bytes)
            }
            if !answer.isEmpty { try await send(answer) }
        }
        received = handshake.leftover + received
    }

    /// The caller names the proxy in the error.
    private func proxied<Value>(_ body: () throws(ProxyFailure) -> Value) throws(NetError) -> Value {
        do throws(ProxyFailure) { return try body() } catch { throw .proxy(error, proxy: "") }
    }

    private func startWatching() {
        guard let box else { return }
        watch = thread.watch(box.socket.descriptor, for: []) { [weak self] ready in
            self?.assumeIsolated { $0.handle(ready) }
        }
    }

    private func keep(_ report: ConnectionReport) { self.report = report }

    private func secure(host: String, trust: TrustPolicy) async throws(NetError) {
        let start = thread.now
        do {
            tls = try TLSSession(clientTo: host, trusting: trust, applicationProtocols: ["http/1.1"])
        } catch {
            fail(.tls(error, endpoint: endpoint))
            throw .tls(error, endpoint: endpoint)
        }
        let established = OneShot<Result<Void, NetError>>()
        handshake = established
        sendCiphertext()
        updateInterest()
        let timer = thread.schedule(after: timeouts.secure) { [endpoint] in
            established.resolve(.failure(.timeout(phase: .secure, endpoint: endpoint)))
        }
        let result = await established.value(ifCancelled: .failure(.cancelled))
        timer.cancel()
        handshake = nil
        if case .failure(let error) = result {
            fail(error)
            throw error
        }
        report.securing = thread.now - start
        report.protocolVersion = tls?.protocolVersion
        report.certificate = tls?.peerCertificate
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
        guard failure == nil, box != nil else { return false }
        receiveFromSocket()
        return received.isEmpty && !inputHasEnded && failure == nil
    }

    private func takeReceived() -> Result<[UInt8]?, NetError>? {
        if !received.isEmpty {
            defer { received = [] }
            return .success(received)
        }
        if inputHasEnded { return .success(nil) }
        if let failure { return .failure(failure) }
        return nil
    }

    private func deliver() {
        guard let waiter = reader, !waiter.isResolved, let ready = takeReceived() else { return }
        reader = nil
        // Cancelled at this very moment: the bytes stay for the next reader.
        if !waiter.resolve(ready), case .success(let bytes?) = ready { received = bytes }
    }

    private func receiveFromSocket() {
        guard let box, !inputHasEnded else { return }
        var outcome = Result<TCPSocket.ReadResult, SystemError>.success(.wouldBlock)
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.readLength) { buffer, count in
            outcome = Result { () throws(SystemError) in
                try box.socket.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if case .success(.bytes(let read)) = outcome { count = read }
        }
        switch outcome {
        case .success(.wouldBlock): return
        case .success(.bytes): receive(bytes)
        case .success(.end): receiveEnd()
        case .failure: fail(.closed(endpoint: endpoint))
        }
    }

    private func receive(_ bytes: [UInt8]) {
        guard let tls else {
            if received.isEmpty { received = bytes } else { received += bytes }
            return
        }
        do {
            try tls.receive(bytes)
            let plaintext = try tls.readPlaintext()
            if received.isEmpty { received = plaintext } else { received += plaintext }
        } catch {
            // The alert with the reason still goes out.
            sendCiphertext()
            fail(.tls(error, endpoint: endpoint))
            return
        }
        sendCiphertext()
        if tls.isEstablished { handshake?.resolve(.success(())) }
        if tls.isClosedByPeer { inputHasEnded = true }
    }

    private func receiveEnd() {
        if let tls, !tls.isClosedByPeer {
            fail(.closed(endpoint: endpoint))
        } else {
            inputHasEnded = true
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
        guard box != nil else { throw .closed(endpoint: endpoint) }
        guard unsent.count <= limits.sendBufferHard else {
            let error = NetError.sendBufferFull(limit: limits.sendBufferHard, endpoint: endpoint)
            fail(error)
            throw error
        }
        if let tls {
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
        guard unsent.count > limits.sendBufferSoft else { return }
        let waiter = OneShot<Result<Void, NetError>>()
        senders.append(waiter)
        try await waiter.value(ifCancelled: .failure(.cancelled)).get()
    }

    private func sendCiphertext() {
        guard let tls else { return }
        queue(tls.takeCiphertext())
    }

    private func queue(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, box != nil else { return }
        let wasEmpty = unsent.isEmpty
        unsent.append(bytes)
        guard wasEmpty else { return }
        lastProgress = thread.now
        sendToSocket()
    }

    private func sendToSocket() {
        guard let box else { return }
        do {
            while !unsent.isEmpty {
                let sent = try unsent.drain { bytes throws(SystemError) in try box.socket.write(bytes) }
                guard sent > 0 else { break }
                lastProgress = thread.now
            }
        } catch {
            fail(.closed(endpoint: endpoint))
            return
        }
        if unsent.count <= limits.sendBufferSoft { releaseSenders(.success(())) }
        if unsent.isEmpty {
            if lingerTimer != nil { endWriting() }
        } else {
            watchForStall()
        }
        updateInterest()
    }

    private func releaseSenders(_ result: Result<Void, NetError>) {
        for sender in senders { sender.resolve(result) }
        senders.removeAll()
    }

    /// A peer that accepts nothing for too long is gone or hostile.
    private func watchForStall() {
        guard stallTimer == nil else { return }
        stallTimer = thread.schedule(at: lastProgress + timeouts.send) { [weak self] in
            self?.assumeIsolated { $0.judgeStall() }
        }
    }

    private func judgeStall() {
        stallTimer = nil
        guard !unsent.isEmpty else { return }
        if thread.now >= lastProgress + timeouts.send {
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
            setInterest(watched.subtracting(.readable))
            return
        }
        receiveFromSocket()
        if lingerTimer != nil {
            received = []
            if inputHasEnded { closeNow() }
        }
        deliver()
    }

    private var wantsInput: Bool { reader != nil || handshake != nil || lingerTimer != nil }

    /// Interest in input ends only when input arrives that nobody wants: the next read usually follows soon.
    private func updateInterest() {
        var interest = watched
        if wantsInput { interest.insert(.readable) }
        if unsent.isEmpty { interest.remove(.writable) } else { interest.insert(.writable) }
        setInterest(interest)
    }

    private func setInterest(_ interest: IOInterest) {
        guard interest != watched else { return }
        watched = interest
        watch?.change(to: interest)
    }

    // MARK: - Closing

    /// Tells the peer that nothing more will be sent; reading continues. Call it only after everything is sent.
    private func endWriting() {
        tls?.close()
        sendCiphertextAtOnce()
        box?.socket.endWriting()
    }

    /// Closes gracefully: sends what is unsent and an end, and releases the connection as soon as the peer has ended
    /// too, after `patience` at the latest. What is undelivered then is discarded. Returns at once. A pending read throws
    /// `.cancelled`.
    public func close(patience: Duration = .seconds(2)) {
        guard box != nil, lingerTimer == nil else { return }
        failure = .cancelled
        releaseWaiters(.cancelled)
        // The timer's strong reference keeps the connection alive for this time.
        lingerTimer = thread.schedule(after: patience) { self.assumeIsolated { $0.closeWithoutDelivering() } }
        if inputHasEnded && unsent.isEmpty {
            endWriting()
            closeNow()
        } else if unsent.isEmpty {
            endWriting()
            updateInterest()
        }
    }

    /// Closes at once, without sending anything.
    public func abort() {
        fail(.cancelled)
    }

    private func sendCiphertextAtOnce() {
        guard let tls, let box else { return }
        let bytes = tls.takeCiphertext()
        _ = bytes.withUnsafeBytes { buffer in try? box.socket.write(buffer) }
    }

    private func fail(_ error: NetError) {
        if failure == nil { failure = error }
        closeWithoutDelivering()
        releaseWaiters(error)
    }

    private func releaseWaiters(_ error: NetError) {
        handshake?.resolve(.failure(error))
        deliver()
        releaseSenders(.failure(error))
    }

    /// What the peer has not taken by now must not reach it later: a message that counts as undelivered may be sent again
    /// on another connection.
    private func closeWithoutDelivering() {
        box?.socket.discardUndelivered()
        closeNow()
    }

    private func closeNow() {
        watch?.end()
        watch = nil
        box = nil
        tls = nil
        unsent.removeAll()
        stallTimer?.cancel()
        stallTimer = nil
        lingerTimer?.cancel()
        lingerTimer = nil
        if failure == nil { failure = .cancelled }
    }
}
