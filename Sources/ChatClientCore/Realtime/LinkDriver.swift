import ChatNet
import ChatWire

/// Carries text messages between the engine and one WebSocket. Owned by the ``ChatClient`` actor, on whose
/// thread the socket lives too.
final class LinkDriver {
    let number: Int
    /// What came and was not given to the engine yet, so that a burst becomes one commit.
    var inbox: [[UInt8]] = []
    var isDeliveryScheduled = false
    private let outgoing: AsyncStream<[UInt8]>
    private let continuation: AsyncStream<[UInt8]>.Continuation
    private var receiver: Task<Void, Never>?
    private var sender: Task<Void, Never>?

    init(number: Int) {
        self.number = number
        (outgoing, continuation) = AsyncStream.makeStream()
    }

    /// Runs `receive`, which opens the socket and takes its messages.
    func start(_ receive: @escaping @Sendable () async -> Void) {
        receiver = Task { await receive() }
    }

    /// Sends what ``send(_:)`` was and will be given, in that order; then closes the socket.
    func carry(to socket: WebSocketClient) {
        let outgoing = outgoing
        sender = Task {
            for await text in outgoing {
                do throws(NetError) { try await socket.send(text: text) } catch { break }
            }
            await socket.close()
        }
    }

    func send(_ text: [UInt8]) { continuation.yield(text) }

    /// Sends what waits, then closes. What is received from now on is dropped.
    func close() {
        continuation.finish()
        receiver?.cancel()
    }

    /// Returns when the socket is closed.
    nonisolated(nonsending) func closed() async { await sender?.value }
}
