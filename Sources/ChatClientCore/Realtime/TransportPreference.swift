/// The person's choice of transport to the realtime side of the server.
public enum TransportPreference: String, Hashable, Sendable, CaseIterable {
    /// A WebSocket; when none gets through, polling that upgrades to one where possible.
    case automatic = "auto"
    /// Only a WebSocket.
    case webSocket = "websocket"
    /// Only long polling.
    case polling
    /// Polling first, upgraded to a WebSocket where possible.
    case upgrade
}
