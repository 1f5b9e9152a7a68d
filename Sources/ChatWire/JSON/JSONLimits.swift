/// How much of the other side's JSON is read before it is refused.
public struct JSONLimits: Hashable, Sendable {
    /// The depth of nested arrays and objects.
    public var depthMax: Int
    /// The bytes of the whole text.
    public var bytesMax: Int
    /// The values in the whole text, including members of objects and elements of arrays. This bounds memory, because
    /// the shortest value takes two bytes on the wire and far more once decoded.
    public var valuesMax: Int

    /// Limits; omitted ones are as in `standard`.
    public init(depthMax: Int = 64, bytesMax: Int = 32 << 20, valuesMax: Int = 2_000_000) {
        self.depthMax = depthMax
        self.bytesMax = bytesMax
        self.valuesMax = valuesMax
    }

    /// Enough for the longest answer of the API (200 messages of 5000 code points, all escaped), and little more.
    public static let standard = JSONLimits()
}
