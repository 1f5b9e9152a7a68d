/// Whose behaviour a test asks for.
enum Manner: Sendable {
    /// Ours.
    case extended
    /// The real server's.
    case recorded
}
