/// One end of a WebSocket connection after its handshake (RFC 6455): bytes in, events and bytes out.
///
/// The driver's loop: read from the transport and call ``receive(_:)-(UnsafeRawBufferPointer)``. Call ``nextEvent()``
/// until it returns nil, and send answers in between. Then write ``takeOutput()``. When ``transportAction`` is no
/// longer `.keepOpen`, end the transport as it says. At the end of the input call ``receiveEndOfInput()`` and take
/// the last event.
///
/// Bytes are decoded only up to the next event. So the answer to one message precedes everything that the following
/// bytes cause: a pong, the reply to a close, a failure.
///
/// A payload is stored only after its announced length has passed the limits. The space for a message grows with what
/// has arrived, not with what was announced. After a failure or a close nothing more is read or written. No
/// extensions are offered or understood.
public struct WebSocketConnection: Sendable {
    /// How far the connection has come in its life (RFC 6455 section 7.1).
    public enum State: Hashable, Sendable {
        case open
        /// Our close frame is out. We wait for the peer's and still deliver its messages.
        case closing
        /// Close frames have gone both ways.
        case closed
        case failed(WebSocketError)
    }

    /// What the driver does with the transport after it has written the output.
    public enum TransportAction: Hashable, Sendable {
        case keepOpen
        /// Read until the peer ends the transport, but only for a while: the server ends it first (RFC 6455 section
        /// 7.1.1).
        case awaitEnd
        case close
    }

    public let role: WebSocketRole
    public private(set) var limits: WebSocketLimits
    /// Whether pings are answered automatically (RFC 6455 section 5.5.2). If not, answer each
    /// ``WebSocketEvent/ping(_:)`` with ``pong(_:)``.
    public let answersPings: Bool
    public private(set) var state = State.open

    private var decoder: WebSocketFrameDecoder
    private var frame: Frame?
    /// Set while a message is open: between its first frame and the end of its last.
    private var messageOpcode: WebSocketOpcode?
    private var message: [UInt8] = []
    private var fragmentCount = 0
    private var textValidator = UTF8Validator()
    private var controlPayload: [UInt8] = []

    private var input: [UInt8] = []
    private var inputStart = 0
    private var lossToReport = false
    private var output: WebSocketOutput

    /// The frame whose payload is being read.
    private struct Frame {
        let header: WebSocketFrameHeader
        var missing: Int
        var read: Int { header.payloadLength - missing }
    }

    /// The most space that is reserved for a message before more of it has arrived.
    private static let firstReservation = 64 * 1024
    /// The largest input buffer that is kept from one read to the next.
    private static let keptInputCapacity = 256 * 1024

    /// - Parameter generator: the source of a client's masking keys; they must not be predictable outside of tests
    ///   (RFC 6455 section 5.3). A server uses none.
    public init(
        role: WebSocketRole, limits: WebSocketLimits = .standard, answersPings: Bool = true,
        maskingKeysFrom generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.role = role
        self.limits = limits
        self.answersPings = answersPings
        output = WebSocketOutput(role: role, generator: generator)
        decoder = WebSocketFrameDecoder(role: role)
    }

    public var transportAction: TransportAction {
        switch state {
        case .open, .closing: .keepOpen
        case .closed: role == .server ? .close : .awaitEnd
        case .failed: .close
        }
    }

    /// Whether a frame or a message has begun and not ended: the driver may want a deadline for it.
    public var isInsideMessage: Bool {
        decoder.isInsideHeader || frame != nil || messageOpcode != nil
    }

    /// The memory, in bytes, for a message that has begun and not ended.
    public var unfinishedCapacity: Int { isInsideMessage ? message.capacity + input.count : 0 }

    /// Sets the longest message from now on, in bytes.
    public mutating func allow(messageLength: Int) { limits.messageLength = messageLength }

    /// How many bytes of output wait.
    public var outputCount: Int {
        output.count
    }

    /// The memory, in bytes, for what has been received.
    var storedCapacity: Int {
        input.capacity + message.capacity + controlPayload.capacity
    }
}

// MARK: - Receiving

extension WebSocketConnection {
    /// Takes bytes from the peer. Take all events before you give more: undecoded bytes are kept.
    public mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        guard isReading else { return }
        if inputStart > 0 {
            input.removeSubrange(..<inputStart)
            inputStart = 0
        }
        input.append(contentsOf: bytes)
    }

    /// Takes bytes from the peer. Take all events before you give more: undecoded bytes are kept.
    public mutating func receive(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { receive($0) }
    }

    /// Tells the connection that the transport has ended or broken. Without a close handshake, the last event is a
    /// failure with ``WebSocketError/connectionLost``.
    public mutating func receiveEndOfInput() {
        guard isReading else { return }
        lossToReport = true
    }

    /// The next event in the received bytes, or nil when they hold no further one.
    public mutating func nextEvent() -> WebSocketEvent? {
        guard isReading else { return nil }
        if inputStart < input.count, let event = decodeInput() { return event }
        guard lossToReport else { return nil }
        return fail(.connectionLost)
    }

    private var isReading: Bool {
        switch state {
        case .open, .closing: true
        case .closed, .failed: false
        }
    }

    /// Decodes up to the next event. The input is moved out of `self` during this, so that no copy is made; it
    /// returns, emptied, when nothing is left in it.
    private mutating func decodeInput() -> WebSocketEvent? {
        var buffer: [UInt8] = []
        swap(&buffer, &input)
        let event = buffer.withUnsafeBytes { bytes in
            var rest = UnsafeRawBufferPointer(rebasing: bytes[inputStart...])
            let event = decode(&rest)
            inputStart = bytes.count - rest.count
            return event
        }
        guard isReading else {
            inputStart = 0
            return event
        }
        if inputStart == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= Self.keptInputCapacity)
            inputStart = 0
        }
        swap(&buffer, &input)
        return event
    }

    private mutating func decode(_ rest: inout UnsafeRawBufferPointer) -> WebSocketEvent? {
        do throws(WebSocketError) {
            while true {
                if frame == nil {
                    guard let header = try decoder.nextHeader(&rest) else { return nil }
                    try begin(header)
                }
                guard try takePayload(&rest) else { return nil }
                if let event = try finishFrame() { return event }
            }
        } catch {
            return fail(error)
        }
    }

    /// Checks a frame against the open message and against the limits, before its payload is read.
    private mutating func begin(_ header: WebSocketFrameHeader) throws(WebSocketError) {
        frame = Frame(header: header, missing: header.payloadLength)
        switch header.opcode {
        case .close, .ping, .pong:
            controlPayload.removeAll(keepingCapacity: true)
            return
        case .text, .binary:
            guard messageOpcode == nil else { throw .unfinishedMessage }
            messageOpcode = header.opcode
            fragmentCount = 0
            textValidator = UTF8Validator()
        case .continuation:
            guard messageOpcode != nil else { throw .unexpectedContinuation }
        }
        guard header.payloadLength <= limits.messageLength - message.count else {
            throw .messageTooBig(
                length: UInt64(header.payloadLength) + UInt64(message.count), limit: limits.messageLength)
        }
        guard fragmentCount < limits.fragmentCount else {
            throw .tooManyFragments(limit: limits.fragmentCount)
        }
        fragmentCount += 1
    }

    /// Takes the available part of the current payload. Returns whether that completes the payload.
    private mutating func takePayload(_ rest: inout UnsafeRawBufferPointer) throws(WebSocketError) -> Bool {
        guard let current = frame else { return false }
        let count = min(current.missing, rest.count)
        if count > 0 {
            let part = UnsafeRawBufferPointer(rebasing: rest[..<count])
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            let key = current.header.maskingKey?.advanced(by: current.read)
            if current.header.opcode.isControl {
                Self.append(part, unmaskedWith: key, to: &controlPayload)
            } else {
                reserveMessage(adding: count, of: current)
                let start = message.count
                Self.append(part, unmaskedWith: key, to: &message)
                try validateText(from: start)
            }
            frame?.missing = current.missing - count
        }
        return count == current.missing
    }

    private static func append(
        _ part: UnsafeRawBufferPointer, unmaskedWith key: WebSocketMaskingKey?, to payload: inout [UInt8]
    ) {
        let start = payload.count
        payload.append(contentsOf: part)
        guard let key else { return }
        payload.withUnsafeMutableBytes {
            key.apply(to: UnsafeMutableRawBufferPointer(rebasing: $0[start...]))
        }
    }

    /// Reserves space: exactly the final length when these bytes end the message, otherwise twice the space, up to
    /// the known or the longest allowed length.
    private mutating func reserveMessage(adding count: Int, of current: Frame) {
        let needed = message.count + count
        guard needed > message.capacity else { return }
        let bound = current.header.isFinal ? message.count + current.missing : limits.messageLength
        let generous = max(2 * message.capacity, Self.firstReservation)
        message.reserveCapacity(max(needed, min(bound, generous)))
    }

    private mutating func validateText(from start: Int) throws(WebSocketError) {
        guard messageOpcode == .text else { return }
        let isValid = message.withUnsafeBytes { bytes in
            textValidator.consume(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
        guard isValid else { throw .invalidUTF8 }
    }

    private mutating func finishFrame() throws(WebSocketError) -> WebSocketEvent? {
        guard let header = frame?.header else { return nil }
        frame = nil
        switch header.opcode {
        case .continuation, .text, .binary:
            return header.isFinal ? try finishMessage() : nil
        case .ping:
            if answersPings, state == .open { output.answerPing(controlPayload) }
            return .ping(controlPayload)
        case .pong:
            return .pong(controlPayload)
        case .close:
            return try finishClose()
        }
    }

    private mutating func finishMessage() throws(WebSocketError) -> WebSocketEvent? {
        guard let opcode = messageOpcode else { return nil }
        guard opcode != .text || textValidator.isComplete else { throw .invalidUTF8 }
        messageOpcode = nil
        var payload: [UInt8] = []
        swap(&payload, &message)
        return opcode == .text ? .text(payload) : .binary(payload)
    }

    /// Reads the peer's close frame, and sends ours if it is not out yet (RFC 6455 section 5.5.1).
    private mutating func finishClose() throws(WebSocketError) -> WebSocketEvent {
        var code: WebSocketCloseCode?
        if !controlPayload.isEmpty {
            guard controlPayload.count >= 2 else { throw .closePayloadTooShort }
            let received = WebSocketCloseCode(
                rawValue: UInt16(controlPayload[0]) << 8 | UInt16(controlPayload[1]))
            guard received.isAllowedOnWire else { throw .invalidCloseCode(received.rawValue) }
            code = received
        }
        let reason = Array(controlPayload.dropFirst(2))
        guard UTF8Validator.isValid(reason) else { throw .invalidUTF8 }
        if state == .open {
            output.append(.close, WebSocketFrameEncoder.closePayload(code: code, reason: ""))
        }
        end(.closed)
        return .close(code: code, reason: String(decoding: reason, as: UTF8.self))
    }

    /// Fails the connection (RFC 6455 section 7.1.7). The peer is told why, unless our close frame is out already or
    /// the transport is gone.
    private mutating func fail(_ error: WebSocketError) -> WebSocketEvent {
        if state == .open, error.closeCode.isAllowedOnWire {
            output.append(
                .close, WebSocketFrameEncoder.closePayload(code: error.closeCode, reason: error.closeReason))
        }
        end(.failed(error))
        return .failure(error)
    }

    private mutating func end(_ final: State) {
        state = final
        frame = nil
        messageOpcode = nil
        message = []
        controlPayload = []
        input = []
        inputStart = 0
        output.forgetHeldPong()
        lossToReport = false
    }
}

// MARK: - Sending

extension WebSocketConnection {
    /// Sends a text message, which must be valid UTF-8. Returns false and sends nothing when the connection is no
    /// longer open. All sending functions do this.
    @discardableResult
    public mutating func send(text: UnsafeRawBufferPointer) -> Bool {
        assert(UTF8Validator.isValid(text), "a text message is UTF-8")
        return send(.text, text)
    }

    /// Sends a text message, which must be valid UTF-8.
    @discardableResult
    public mutating func send(text: [UInt8]) -> Bool {
        text.withUnsafeBytes { send(text: $0) }
    }

    /// Sends a text message.
    @discardableResult
    public mutating func send(text: String) -> Bool {
        var text = text
        return text.withUTF8 { send(.text, UnsafeRawBufferPointer($0)) }
    }

    @discardableResult
    public mutating func send(binary: UnsafeRawBufferPointer) -> Bool {
        send(.binary, binary)
    }

    @discardableResult
    public mutating func send(binary: [UInt8]) -> Bool {
        binary.withUnsafeBytes { send(.binary, $0) }
    }

    /// Sends a ping of at most 125 bytes; longer payloads are cut.
    @discardableResult
    public mutating func ping(_ payload: [UInt8] = []) -> Bool {
        sendControl(.ping, payload)
    }

    /// Sends a pong of at most 125 bytes; longer payloads are cut. A pong without a ping is allowed too.
    @discardableResult
    public mutating func pong(_ payload: [UInt8] = []) -> Bool {
        sendControl(.pong, payload)
    }

    /// Starts the close handshake. The peer's messages are still delivered until its close frame arrives.
    ///
    /// - Parameters:
    ///   - code: a code that is not allowed on the wire, such as 1005, makes a close without a code.
    ///   - reason: for people; cut to the 123 bytes that fit.
    @discardableResult
    public mutating func close(code: WebSocketCloseCode = .normal, reason: String = "") -> Bool {
        guard state == .open else { return false }
        output.flushHeldPong()
        output.append(.close, WebSocketFrameEncoder.closePayload(code: code, reason: reason))
        state = .closing
        return true
    }

    /// The bytes to write to the transport, in order. They are returned once.
    public mutating func takeOutput() -> [UInt8] { output.take() }

    /// Lends the bytes to write to the transport, then empties the output and keeps its space. Do not keep `bytes`.
    /// Without output, `body` is not called.
    public mutating func drainOutput(_ body: (_ bytes: UnsafeRawBufferPointer) -> Void) {
        output.drain(body)
    }

    private mutating func send(_ opcode: WebSocketOpcode, _ payload: UnsafeRawBufferPointer) -> Bool {
        guard state == .open else { return false }
        output.append(opcode, payload)
        return true
    }

    private mutating func sendControl(_ opcode: WebSocketOpcode, _ payload: [UInt8]) -> Bool {
        payload.prefix(WebSocketFrameHeader.controlPayloadLimit).withUnsafeBytes { send(opcode, $0) }
    }
}
