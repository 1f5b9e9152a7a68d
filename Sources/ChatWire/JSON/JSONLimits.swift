/// How much of another's JSON is read before it is refused.
public struct JSONLimits: Hashable, Sendable {
    /// Nested arrays and objects.
    public var depthMax: Int
    /// Bytes of the whole text.
    public var bytesMax: Int
    /// Values in the whole text, members of objects and elements of arrays included: a bound on
    /// memory, since the shortest value takes two bytes on the wire and far more once decoded.
    public var valuesMax: Int

    /// Limits; what is left out is as in `standard`.
    public init(depthMax: Int = 64, bytesMax: Int = 32 << 20, valuesMax: Int = 2_000_000) {
        self.depthMax = depthMax
        self.bytesMax = bytesMax
        self.valuesMax = valuesMax
    }

    /// Room for the longest answer of the API (200 messages of 5000 code points, all escaped),
    /// and not much more.
    public static let standard = JSONLimits()
}
