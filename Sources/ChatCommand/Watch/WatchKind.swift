import ArgumentParser

/// What `mychat watch` tells of.
enum WatchKind: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// Messages as they come, own ones too.
    case message
    /// The states of own messages: sent, delivered, read, refused.
    case state
    case deleted
    case typing
    case presence
    /// The link to the server.
    case link
}
