/// One scenario: what it is about, and its steps.
public struct Scenario: Hashable, Sendable {
    public var path: String
    public var title: String
    public var position: SourcePosition
    /// What the group of scenarios is about; empty when the file does not say.
    public var feature: String
    public var tags: [String]
    public var needs: [Requirement]
    /// How long steps wait.
    public var timeout: Duration?
    public var steps: [Step]
    /// The steps that are done in any case.
    public var finally: [Step]

    /// File, line and title, as reports name it.
    public var place: String { "\(path):\(position.line)" }

    /// All steps in the order of the file.
    var allSteps: [Step] { steps + finally }
}

/// Without what a scenario is skipped.
public enum Requirement: Hashable, Sendable {
    /// A capability that the server announces, or with `false` one that it does not.
    case capability(String, Bool)
    /// A server on this machine.
    case loopback
    /// A variable given on the command line.
    case variable(String)
}
