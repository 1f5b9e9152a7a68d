import ChatWire

/// What the person has on the screen of this program.
struct Attention: Equatable, Sendable {
    /// The open conversation.
    private(set) var openPeer: UserID?
    private var isAttended = false
    /// Conversations that somebody in this program has looked at: they are announced when another program changes the
    /// cache.
    private(set) var watched: Set<UserID> = []

    /// The open conversation, if somebody is there to see it.
    var attendedPeer: UserID? { isAttended ? openPeer : nil }

    mutating func open(_ peer: UserID?, isAttended: Bool) {
        openPeer = peer
        self.isAttended = isAttended && peer != nil
        if let peer { watched.insert(peer) }
    }

    mutating func watch(_ peer: UserID) { watched.insert(peer) }
}
