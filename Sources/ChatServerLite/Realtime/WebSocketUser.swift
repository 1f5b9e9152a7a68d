import ChatWire

/// Who makes use of a websocket. All calls come on its event loop.
package protocol WebSocketUser: AnyObject {
    /// The websocket is there, and can be written to.
    func webSocketOpened(_ webSocket: WebSocketHandler)
    /// The next thing that has come. A close or a failure is the last.
    func webSocket(_ webSocket: WebSocketHandler, received event: WebSocketEvent)
    /// What has come in one burst has been told: the time to write.
    func webSocketBurstEnded(_ webSocket: WebSocketHandler)
    /// The channel is gone.
    func webSocketEnded(_ webSocket: WebSocketHandler)
    /// The server stops.
    func serverStops(_ webSocket: WebSocketHandler)
}
