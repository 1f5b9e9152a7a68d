/// One scenario: its title and its steps.
public struct Scenario: Hashable, Sendable {
    public var path: String
    public var title: String
    public var position: SourcePosition
    /// The feature of the scenario's group; empty when the file names none.
    public var feature: String
    public var tags: [String]
    public var needs: [Requirement]
    /// How long steps wait.
    public var timeout: Duration?
    public var steps: [Step]
    /// The steps that always run.
    public var finally: [Step]

    /// File and line, as reports show them.
    public var place: String { "\(path):\(position.line)" }

    /// All steps in the order of the file.
    var allSteps: [Step] { steps + finally }
}

/// A requirement without which a scenario is skipped.
public enum Requirement: Hashable, Sendable {
    /// A capability that the server announces, or, with `false`, one that it must not announce.
    case capability(String, Bool)
    /// A server on this machine.
    case loopback
    /// A variable given on the command line.
    case variable(String)
}
