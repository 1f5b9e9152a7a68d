/// Why a step did not go as the script says.
struct StepFailure: Error, Hashable, Sendable {
    /// The kind of failure: caused by the server, or before the server could be asked.
    enum Kind: Hashable, Sendable {
        case mismatch, network, script
        /// An account was not available.
        case account
        /// It is not the server's fault: the runner is not allowed to do it here.
        case notAllowed
    }

    var kind = Kind.mismatch
    var expected: String
    var came: String
    /// The position inside the step, when it is known more precisely than the beginning.
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

extension Duration {
    /// In whole seconds where possible, else in milliseconds: `2 s`, `300 ms`.
    var readable: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
