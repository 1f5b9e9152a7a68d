/// The frames that wait for the transport, in order.
struct WebSocketOutput {
    private let role: WebSocketRole
    private var generator: any RandomNumberGenerator & Sendable
    private var bytes: [UInt8] = []
    private var unsentPongLength = 0
    private var heldPong: [UInt8]?

    /// When the output holds more than this many bytes of pongs, further ones wait, and only the newest is kept. So a
    /// peer that pings and never reads costs no more than this (RFC 6455 section 5.5.3 allows it).
    private static let unsentPongLimit = 16 * 1024

    /// - Parameter generator: The source of a client's masking keys; a server uses none.
    init(role: WebSocketRole, generator: any RandomNumberGenerator & Sendable) {
        self.role = role
        self.generator = generator
    }

    /// How many bytes wait.
    var count: Int { bytes.count }

    mutating func append(_ opcode: WebSocketOpcode, _ payload: [UInt8]) {
        payload.withUnsafeBytes { append(opcode, $0) }
    }

    mutating func append(_ opcode: WebSocketOpcode, _ payload: UnsafeRawBufferPointer) {
        WebSocketFrameEncoder.append(
            opcode: opcode, payload: payload, maskingKey: nextMaskingKey(), to: &bytes)
    }

    /// Answers a ping, now or when the pongs before have been taken.
    mutating func answerPing(_ payload: [UInt8]) {
        guard unsentPongLength < Self.unsentPongLimit else {
            heldPong = payload
            return
        }
        let before = bytes.count
        append(.pong, payload)
        unsentPongLength += bytes.count - before
    }

    mutating func flushHeldPong() {
        guard let payload = heldPong else { return }
        heldPong = nil
        append(.pong, payload)
    }

    mutating func forgetHeldPong() { heldPong = nil }

    /// The bytes, once.
    mutating func take() -> [UInt8] {
        flushHeldPong()
        unsentPongLength = 0
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    /// Lends the bytes, then empties the output and keeps its space. Without output, `body` is not called.
    mutating func drain(_ body: (_ bytes: UnsafeRawBufferPointer) -> Void) {
        flushHeldPong()
        unsentPongLength = 0
        guard !bytes.isEmpty else { return }
        bytes.withUnsafeBytes(body)
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func nextMaskingKey() -> WebSocketMaskingKey? {
        guard role == .client else { return nil }
        return WebSocketMaskingKey(littleEndian: UInt32(truncatingIfNeeded: generator.next()))
    }
}
