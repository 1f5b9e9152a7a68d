/// The behaviour that a test asks for.
enum Manner: Sendable {
    /// Our own behaviour.
    case extended
    /// The real server's behaviour.
    case recorded
}
