/// The link that the engine has asked for, with what carries it. Owned by the ``ChatClient`` actor, on whose
/// thread the transport lives too.
final class LinkDriver {
    let number: Int
    let kind: LinkTransportKind
    /// The server has opened its session.
    var isOpen = false
    /// The server has answered the token.
    var isAnswered = false
    /// What came and was not given to the engine yet, so that a burst becomes one commit.
    var inbox: [[UInt8]] = []
    var isDeliveryScheduled = false
    var gathering = BurstGathering()
    private let transport: LinkTransport

    init(number: Int, kind: LinkTransportKind, transport: LinkTransport) {
        self.number = number
        self.kind = kind
        self.transport = transport
    }

    /// Whether all goes over a WebSocket by now.
    var isWebSocket: Bool { transport.assumeIsolated { $0.isWebSocket } }

    /// What is known of the WebSocket that polling has become.
    var upgrade: LinkTransport.Upgrade { transport.assumeIsolated { $0.upgrade } }

    func start() { transport.assumeIsolated { $0.start() } }

    func send(_ text: [UInt8]) { transport.assumeIsolated { $0.send(text) } }

    /// Sends what waits, then closes. What is received from now on is dropped.
    func close() { transport.assumeIsolated { $0.close() } }

    /// Returns when it is closed.
    nonisolated(nonsending) func closed() async { await transport.closed() }
}
