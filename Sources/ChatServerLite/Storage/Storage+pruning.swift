import ChatWire

extension Storage {
    /// Prunes the change log, piece by piece. Calls `finished` after the last piece, where completions run.
    package func pruneChanges(_ retention: ChangeRetention, finished: @escaping @Sendable () -> Void = {}) {
        prune(PruneChanges(retention: retention), finished)
    }

    private func prune(_ piece: PruneChanges, _ finished: @escaping @Sendable () -> Void) {
        submit(piece) { [weak self] result in
            // A failed piece is tried again in the next round.
            guard case .success(let next?) = result, let self else { return finished() }
            self.prune(PruneChanges(retention: piece.retention, position: next), finished)
        }
    }
}
