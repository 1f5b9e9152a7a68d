/// How much of a response is read before it is refused. All sizes are in bytes.
public struct HTTPLimits: Hashable, Sendable {
    /// The longest single line: the status line, a header field, a chunk size with its extensions.
    public var lineLength: Int
    /// All lines of a head together; trailer lines have the same limit.
    public var headLength: Int
    /// The number of header fields; trailer fields have the same limit.
    public var fieldCount: Int
    /// The length of the body after chunked coding is removed.
    public var bodyLength: Int
    /// How many interim (1xx) responses may come before the final one.
    public var interimResponses: Int

    public init(
        lineLength: Int = 16 * 1024, headLength: Int = 64 * 1024, fieldCount: Int = 128,
        bodyLength: Int = 16 * 1024 * 1024, interimResponses: Int = 8
    ) {
        self.lineLength = lineLength
        self.headLength = headLength
        self.fieldCount = fieldCount
        self.bodyLength = bodyLength
        self.interimResponses = interimResponses
    }

    public static let standard = HTTPLimits()
}
