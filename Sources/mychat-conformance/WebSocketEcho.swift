import ChatServerLite
import ChatWire

/// Echoes each message.
final class WebSocketEcho: WebSocketUser {
    func webSocketOpened(_ webSocket: WebSocketHandler) {}

    func webSocket(_ webSocket: WebSocketHandler, received event: WebSocketEvent) {
        switch event {
        case .text(let bytes): webSocket.send(text: bytes)
        case .binary(let bytes): webSocket.send(binary: bytes)
        case .ping, .pong, .close, .failure: break
        }
    }

    func webSocketBurstEnded(_ webSocket: WebSocketHandler) {}

    func webSocketEnded(_ webSocket: WebSocketHandler) {}

    func serverStops(_ webSocket: WebSocketHandler) { webSocket.close(.goingAway) }
}
