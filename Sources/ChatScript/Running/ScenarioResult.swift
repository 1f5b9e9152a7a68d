/// How a scenario went.
public struct ScenarioResult: Sendable {
    public enum Outcome: Hashable, Sendable {
        case passed
        /// It was not played, because.
        case skipped(String)
        case failed(Failure)
    }

    /// What went wrong, redacted.
    public struct Failure: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            /// The server did something else.
            case mismatch
            /// The server was not reached.
            case network
            /// An account could not be had.
            case account
            /// The script asks for what is not there.
            case script
        }

        public var kind: Kind
        /// The step, or the scenario's own line.
        public var position: SourcePosition
        public var step: String
        public var expected: String
        public var came: String
        /// The last that went over the wire, oldest first.
        public var frames: [String]
    }

    public var scenario: Scenario
    public var outcome: Outcome
    /// How many steps were done as the script says.
    public var stepsDone: Int
    public var duration: Duration
    /// What the clean-up could not take away.
    public var leftBehind: [String] = []

    public var isFailed: Bool {
        if case .failed = outcome { true } else { false }
    }
}
