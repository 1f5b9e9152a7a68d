import ChatWire

/// Reads an input as the calls of a script: a byte that selects a call, and its arguments.
struct Script {
    private var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) {
        rest = input[...]
    }

    /// The next byte, or nil at the end.
    mutating func byte() -> UInt8? { rest.popFirst() }

    /// A byte for the length, then that many bytes, or as many as remain.
    mutating func bytes() -> ArraySlice<UInt8> {
        let count = Int(byte() ?? 0)
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// Up to some minutes.
    mutating func duration() -> Duration { .milliseconds(Int(byte() ?? 0) * 500) }
}

/// A generator that repeats, so that two ends draw the same masking keys.
struct RepeatingGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}
