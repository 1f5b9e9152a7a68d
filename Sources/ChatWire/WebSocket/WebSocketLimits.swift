/// The size of a message at which the connection fails with 1009.
public struct WebSocketLimits: Hashable, Sendable {
    /// The longest message, all its fragments together, in bytes.
    public var messageLength: Int
    /// The most frames in one message. This bounds the work on a message of empty fragments.
    public var fragmentCount: Int

    public init(messageLength: Int = 16 * 1024 * 1024, fragmentCount: Int = 131_072) {
        self.messageLength = messageLength
        self.fragmentCount = fragmentCount
    }

    /// 16 MiB in at most 131,072 frames.
    public static let standard = WebSocketLimits()
}
