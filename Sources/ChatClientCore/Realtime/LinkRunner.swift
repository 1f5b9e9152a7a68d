import ChatNet
import ChatWire
import Logging

/// Runs the link that the engine wants: opens transports, hands their messages over in bursts, and starts polling beside
/// a silent WebSocket. ``TransportChoice`` decides which transport is tried. Owned by the ``ChatClient`` actor; the
/// transports live on the same thread.
final class LinkRunner {
    /// Runs its argument on the client's thread with the runner, if the account is still the client's. The argument
    /// returns true when the engine has got an input.
    typealias Reach = @Sendable (@Sendable (LinkRunner) -> Bool) -> Void

    private let engine: ChatEngine
    private let store: ChatStore
    private let configuration: ClientConfiguration
    private let thread: IOThread
    private let http: HTTPClient
    private let reach: Reach
    /// The transport of the link, while there is a link.
    private(set) var present: LinkDriver?
    /// A transport that was started beside a silent WebSocket, until one of them answers.
    private(set) var rival: LinkDriver?
    /// The transports of the last link that the engine closed: they may still be sending what waited.
    private var closing: [LinkDriver] = []
    /// Fires when a WebSocket has been silent for too long.
    private var silenceTimer: IOTimer?
    /// Which transports work with the server, as far as this run has seen.
    private(set) var transports: TransportChoice
    private var rememberedTransport: LinkTransportKind?

    init(
        _ engine: ChatEngine, _ store: ChatStore, _ transports: TransportChoice,
        configuration: ClientConfiguration, http: HTTPClient, thread: IOThread, reach: @escaping Reach
    ) {
        self.engine = engine
        self.store = store
        self.transports = transports
        self.configuration = configuration
        self.http = http
        self.thread = thread
        self.reach = reach
    }

    /// Whether everything now goes over a WebSocket.
    var isOverWebSocket: Bool { present?.isWebSocket ?? false }

    // MARK: What the engine wants

    func open(_ number: Int) { open(number, over: transports.first) }

    func send(_ text: [UInt8]) { present?.send(text) }

    func close(_ number: Int) {
        guard let link = present, link.number == number else { return }
        judge(link)
        closing = [link] + (rival.map { [$0] } ?? [])
        endSilenceWatch()
        link.close()
        present = nil
    }

    /// Returns when the transports that the engine has closed are closed. Several callers may wait.
    nonisolated(nonsending) func closed() async {
        for link in closing { await link.closed() }
    }

    // MARK: Transports

    private func open(_ number: Int, over kind: LinkTransportKind) {
        endSilenceWatch()
        let link = makeLink(number, over: kind)
        present = link
        engine.answerTimeout(
            transports.mayBeFiltered(kind) ? TransportChoice.answerMax : Outbox.answerTimeout)
        watchSilence(number, over: kind)
        link.start()
    }

    private func makeLink(_ number: Int, over kind: LinkTransportKind) -> LinkDriver {
        let reach = reach
        let transport = LinkTransport(
            kind, to: configuration.server, http: http, openTimeout: configuration.linkTimeout
        ) { event in
            reach { $0.receive(event, of: number, over: kind) }
        }
        return LinkDriver(number: number, kind: kind, transport: transport)
    }

    /// A filter may let a WebSocket open, or seem to open, and swallow its traffic.
    private func watchSilence(_ number: Int, over kind: LinkTransportKind) {
        guard transports.beside(kind) != nil else { return }
        silenceTimer?.cancel()
        let reach = reach
        silenceTimer = thread.schedule(after: TransportChoice.silenceMax) {
            reach { $0.wasSilent(number) }
        }
    }

    /// Ends the wait: the WebSocket has been judged, or no longer matters.
    private func endSilenceWatch() {
        silenceTimer?.cancel()
        silenceTimer = nil
        endRival()
    }

    private func endRival() {
        rival?.close()
        rival = nil
    }

    private func wasSilent(_ number: Int) -> Bool {
        guard let link = present, link.number == number, !link.isAnswered,
            let kind = transports.beside(link.kind)
        else {
            return false
        }
        // Its session is open, but the token is not answered: the account cannot be used on two links.
        if link.isOpen {
            ended(number, .handshakeTimeout)
            return true
        }
        guard rival == nil else { return false }
        configuration.logger.notice("trying another transport beside", metadata: ["transport": "\(kind)"])
        let rival = makeLink(number, over: kind)
        self.rival = rival
        rival.start()
        return false
    }

    // MARK: What the transports tell

    private func receive(_ event: LinkTransport.Event, of number: Int, over kind: LinkTransportKind) -> Bool {
        if case .upgraded = event {
            configuration.logger.debug("the link has changed to a websocket", metadata: ["link": "\(number)"])
            return false
        }
        guard let link = speaker(event, number, kind) else { return false }
        switch event {
        case .text(let text):
            let isFirst = !link.isOpen
            if isFirst {
                link.isOpen = true
                watchSilence(number, over: kind)
                engine.linkOpened(number, at: .now)
            }
            gather(text, on: link)
            return isFirst
        case .refused(let text, let status):
            engine.linkRefused(text, status: status, on: number, at: .now)
        case .upgraded: break
        case .ended(let reason):
            if !link.isOpen, let next = transports.didNotOpen(over: kind, reason) {
                configuration.logger.notice(
                    "trying another transport", metadata: ["transport": "\(next)", "after": "\(reason)"])
                open(number, over: next)
                return false
            }
            ended(number, reason)
        }
        return true
    }

    /// The driver that an event belongs to. The first one to open a session becomes the link.
    private func speaker(
        _ event: LinkTransport.Event, _ number: Int, _ kind: LinkTransportKind
    ) -> LinkDriver? {
        if let link = present, link.number == number, link.kind == kind {
            guard case .ended = event, let rival else {
                endRival()
                return link
            }
            // The other one continues alone.
            present = rival
            self.rival = nil
            link.close()
            return nil
        }
        guard let rival, rival.number == number, rival.kind == kind else { return nil }
        self.rival = nil
        if case .ended = event {
            rival.close()
            return nil
        }
        present?.close()
        present = rival
        return rival
    }

    /// Passes the messages of one burst to the engine together, so that they become one commit.
    private func gather(_ text: [UInt8], on link: LinkDriver) {
        link.inbox.append(text)
        guard !link.isDeliveryScheduled else { return }
        link.isDeliveryScheduled = true
        let wait = link.gathering.wait(at: MonotonicClock.now, isAwaited: engine.awaitsAnswer)
        let (number, reach) = (link.number, reach)
        // Timers run after all work that the thread already has.
        thread.schedule(after: wait) {
            reach { links in
                links.deliver(number)
                return true
            }
        }
    }

    private func deliver(_ number: Int) {
        guard let link = present, link.number == number else { return }
        link.isDeliveryScheduled = false
        let texts = link.inbox
        link.inbox = []
        engine.linkReceived(texts, on: number, at: .now)
        judge(link)
        link.gathering.delivered(at: MonotonicClock.now)
    }

    private func ended(_ number: Int, _ reason: LinkFailure) {
        deliver(number)
        guard let link = present, link.number == number else { return }
        endSilenceWatch()
        present = nil
        link.close()
        engine.linkEnded(number, reason, at: .now)
        judge(link)
    }

    // MARK: Learning

    /// Learns from the fate of a link which transport works.
    private func judge(_ link: LinkDriver) {
        guard link.isOpen else { return }
        link.isAnswered = transports.judge(
            over: link.kind, isAnswered: link.isAnswered, upgrade: link.upgrade, stage: engine.linkStage,
            failure: engine.linkFailure)
        rememberTransport()
    }

    /// Saves which transport worked, for later programs. This is only a hint: without it the default is tried.
    private func rememberTransport() {
        guard transports.first != rememberedTransport else { return }
        rememberedTransport = transports.first
        let memory = transports.memory(at: Moment.now.wall)
        let known = (try? store.meta.text(.transport)) ?? nil
        if memory != known { try? store.meta.set(.transport, to: memory) }
    }
}
