/// Which end of the connection this is. It decides who masks: the client always, the server never
/// (RFC 6455 section 5.1).
public enum WebSocketRole: Hashable, CaseIterable, Sendable {
    case client
    case server

    public var peer: WebSocketRole {
        self == .client ? .server : .client
    }
}
