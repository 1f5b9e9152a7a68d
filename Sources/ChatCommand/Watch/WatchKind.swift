import ArgumentParser

/// The kinds of events of `mychat watch`.
enum WatchKind: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// Messages as they arrive, including own ones.
    case message
    /// The states of own messages: sent, delivered, read, refused.
    case state
    case deleted
    case typing
    case presence
    /// The link to the server.
    case link
}
