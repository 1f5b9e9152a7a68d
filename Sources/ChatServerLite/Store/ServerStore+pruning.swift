import ChatWire

extension ServerStore {
    /// Takes what is not kept any more out of the log of changes, piece by piece, and calls `finished` after the
    /// last one, on the thread of the completions.
    func pruneChanges(_ retention: ChangeRetention, finished: @escaping @Sendable () -> Void = {}) {
        prune(PruneChanges(retention: retention), finished)
    }

    private func prune(_ piece: PruneChanges, _ finished: @escaping @Sendable () -> Void) {
        submit(piece) { [weak self] result in
            // What fails now is tried again with the next round.
            guard case .success(let next?) = result, let self else { return finished() }
            self.prune(PruneChanges(retention: piece.retention, position: next), finished)
        }
    }
}
