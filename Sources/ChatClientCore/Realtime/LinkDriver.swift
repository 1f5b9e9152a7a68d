/// The link that the engine has opened, with its transport. Owned by the ``ChatClient`` actor; the transport lives on
/// the same thread.
final class LinkDriver {
    let number: Int
    let kind: LinkTransportKind
    /// The server has opened its session.
    var isOpen = false
    /// The server has answered the token.
    var isAnswered = false
    /// Received messages that were not given to the engine yet, so that a burst becomes one commit.
    var inbox: [[UInt8]] = []
    var isDeliveryScheduled = false
    var gathering = BurstGathering()
    private let transport: LinkTransport

    init(number: Int, kind: LinkTransportKind, transport: LinkTransport) {
        self.number = number
        self.kind = kind
        self.transport = transport
    }

    /// Whether everything now goes over a WebSocket.
    var isWebSocket: Bool { transport.assumeIsolated { $0.isWebSocket } }

    /// What is known about the upgrade to a WebSocket.
    var upgrade: LinkTransport.Upgrade { transport.assumeIsolated { $0.upgrade } }

    func start() { transport.assumeIsolated { $0.start() } }

    func send(_ text: [UInt8]) { transport.assumeIsolated { $0.send(text) } }

    /// Sends what waits, then closes. Everything received from now on is dropped.
    func close() { transport.assumeIsolated { $0.close() } }

    /// Returns when it is closed.
    nonisolated(nonsending) func closed() async { await transport.closed() }
}
