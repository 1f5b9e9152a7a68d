/// The shortest time, in seconds, of one of the `count` operations of `body`, over several rounds: other work on the
/// machine can only make it longer.
func shortest(rounds: Int = 15, count: Int, _ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    let best = (0..<rounds).map { _ in clock.measure(body) }.min() ?? .zero
    return best / .seconds(1) / Double(count)
}

/// Keeps the compiler from removing unused values.
@inline(never)
func use<Value>(_ value: borrowing Value) {}

/// Two decimals, or none when the number is large.
func text(_ value: Double) -> String {
    guard value < 100 else { return String(Int(value.rounded())) }
    let hundredths = Int((value * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
}
