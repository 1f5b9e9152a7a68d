import ChatWire

/// The user of a websocket. All calls come on its event loop.
package protocol WebSocketUser: AnyObject {
    /// The websocket is open and can be written to.
    func webSocketOpened(_ webSocket: WebSocketHandler)
    /// Handles the next event. A close or a failure is the last one.
    func webSocket(_ webSocket: WebSocketHandler, received event: WebSocketEvent)
    /// Called after the last event of one burst of reads. This is the time to write.
    func webSocketBurstEnded(_ webSocket: WebSocketHandler)
    /// The channel is closed.
    func webSocketEnded(_ webSocket: WebSocketHandler)
    /// The server is stopping.
    func serverStops(_ webSocket: WebSocketHandler)
}
