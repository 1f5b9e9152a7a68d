/// Over which transport a client reaches the realtime side of its server, as the person wants it.
public enum TransportPreference: String, Hashable, Sendable, CaseIterable {
    /// A WebSocket, and where that does not get through, polling that becomes one where the way is free.
    case automatic = "auto"
    /// A WebSocket and nothing else.
    case webSocket = "websocket"
    /// Requests that wait, and nothing else.
    case polling
    /// Requests first, changed to a WebSocket where the way is free.
    case upgrade
}
