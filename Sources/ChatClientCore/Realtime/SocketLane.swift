import ChatNet

/// Sends text messages over a WebSocket in the order of the calls, and closes it at the end.
final class SocketLane: Sendable {
    private let continuation: AsyncStream<[UInt8]>.Continuation
    private let sender: Task<Void, Never>

    init(_ socket: WebSocketClient) {
        let (outgoing, continuation) = AsyncStream<[UInt8]>.makeStream()
        self.continuation = continuation
        sender = Task {
            for await text in outgoing {
                do throws(NetError) { try await socket.send(text: text) } catch { break }
            }
            await socket.close()
        }
    }

    deinit { continuation.finish() }

    func send(_ text: [UInt8]) { continuation.yield(text) }

    /// Sends what waits, then closes the socket.
    func finish() { continuation.finish() }

    /// Returns when the socket is closed.
    nonisolated(nonsending) func closed() async { await sender.value }
}
