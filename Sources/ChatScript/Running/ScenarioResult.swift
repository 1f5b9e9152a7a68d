/// The result of a scenario.
public struct ScenarioResult: Sendable {
    public enum Outcome: Hashable, Sendable {
        case passed
        /// The scenario was not played, for this reason.
        case skipped(String)
        case failed(Failure)
    }

    /// What failed, redacted.
    public struct Failure: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            /// The server behaved differently.
            case mismatch
            /// The server was not reached.
            case network
            /// An account was not available.
            case account
            /// The script refers to something that does not exist.
            case script
        }

        public var kind: Kind
        /// The position of the step, or of the scenario itself.
        public var position: SourcePosition
        public var step: String
        public var expected: String
        public var came: String
        /// The last frames on the wire, oldest first.
        public var frames: [String]
    }

    public var scenario: Scenario
    public var outcome: Outcome
    /// How many steps succeeded.
    public var stepsDone: Int
    public var duration: Duration
    /// What the clean-up could not remove.
    public var leftBehind: [String] = []

    public var isFailed: Bool {
        if case .failed = outcome { true } else { false }
    }
}
