import Synchronization

/// A value that comes once, for one task that waits for it. Whoever resolves it first decides.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited(CheckedContinuation<Value, Never>)
        case resolved(Value)
    }

    private let state = Mutex(State.empty)

    var isResolved: Bool {
        state.withLock { state in
            if case .resolved = state { true } else { false }
        }
    }

    /// Whether this call was the first. Never blocks; may be called from anywhere.
    @discardableResult
    func resolve(_ value: Value) -> Bool {
        let (isFirst, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Value, Never>?) in
            switch state {
            case .resolved:
                return (false, nil)
            case .empty:
                state = .resolved(value)
                return (true, nil)
            case .awaited(let continuation):
                state = .resolved(value)
                return (true, continuation)
            }
        }
        waiter?.resume(returning: value)
        return isFirst
    }

    /// The value, once it is there; `fallback` becomes the value if the task is cancelled before. To be
    /// called once.
    func value(
        ifCancelled fallback: Value, isolation: isolated (any Actor)? = #isolation
    ) async -> Value {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let value: Value? = state.withLock { state in
                    switch state {
                    case .resolved(let value):
                        return value
                    case .empty:
                        state = .awaited(continuation)
                        return nil
                    case .awaited:
                        preconditionFailure("two tasks wait for one value")
                    }
                }
                if let value { continuation.resume(returning: value) }
            }
        } onCancel: {
            resolve(fallback)
        }
    }
}
