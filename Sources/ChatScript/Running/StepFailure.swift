/// Why a step did not go as the script says.
struct StepFailure: Error, Hashable, Sendable {
    /// What kind of end it is: of the server's doing, or that it could not even be asked.
    enum Kind: Hashable, Sendable {
        case mismatch, network, script
        /// An account could not be had.
        case account
        /// It is not the server's fault: the runner may not do it here.
        case notAllowed
    }

    var kind = Kind.mismatch
    var expected: String
    var came: String
    /// Where in the step, when that is known better than its beginning.
    var position: SourcePosition?

    init(expected: String, came: String, kind: Kind = .mismatch, position: SourcePosition? = nil) {
        self.expected = expected
        self.came = came
        self.kind = kind
        self.position = position
    }

    init(_ failure: Scope.Failure) {
        self.init(
            expected: "a value", came: failure.message, kind: .script, position: failure.position)
    }

    init(_ mismatch: Mismatch) {
        let place = mismatch.path.isEmpty ? "" : " at \(mismatch.path)"
        self.init(expected: mismatch.expected + place, came: mismatch.came)
    }
}
