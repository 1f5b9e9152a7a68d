import ChatCrypto
import Logging
import NIOCore

/// Decrypts what a connection receives for the handlers behind it, and encrypts what they send.
///
/// It holds no plaintext: what it decrypts is passed on at once, and what is written is encrypted at once. So the
/// limits of the handlers behind it also bound what a peer can make it hold.
final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// `received` counts the bytes of the handshake. What has arrived last waits in `held` for the pacer.
        case handshake(received: Int, held: ByteBuffer?)
        case open
        /// close_notify was sent. The peer may still send.
        case outputEnded
        case ended
    }

    private let session: TLSSession
    private let timeout: TimeAmount
    private let pacer: HandshakePacer
    private let logger: Logger
    private var phase = Phase.handshake(received: 0, held: nil)
    private var wantsRead = false
    /// Ends a handshake that takes too long; nil before and after it.
    private var timer: ConnectionTimer?
    /// Whether the handlers behind know that the peer sends nothing more.
    private var hasInputEnded = false

    /// The most bytes that a peer may send before the handshake is complete. A client sends about one kilobyte, and then
    /// perhaps its first request, which can arrive in the same burst as the end of the handshake.
    private static let handshakeBytesMax = 512 * 1024
    /// How much is encrypted or decrypted at a time: one record (RFC 8446 section 5.1).
    private static let pieceLength = 16_384
    /// What the ciphertext of a record has more than its plaintext, at most (RFC 8446 section 5.2).
    private static let recordOverhead = 261

    /// - Parameter timeout: how long the handshake may take from now on.
    init(session: TLSSession, timeout: TimeAmount, pacer: HandshakePacer, logger: Logger) {
        self.pacer = pacer
        self.session = session
        self.timeout = timeout
        self.logger = logger
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        timer = ConnectionTimer(context.eventLoop, timeout: timeout) { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { stopTimer() }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .ended
        stopTimer()
        context.fireChannelInactive()
    }

    private func stopTimer() {
        timer?.cancel()
        timer = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        // The end of the TCP stream says nothing new after close_notify. Without it the end may be an attacker's
        // (RFC 8446 section 6.1), so nothing that has not arrived whole is acted upon.
        if !hasInputEnded { close(context: context, mode: .all, promise: nil) }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode != .input, case .open = phase {
            session.close()
            sendCiphertext(context)
        }
        switch (mode, phase) {
        case (.all, _): phase = .ended
        case (.output, .open): phase = .outputEnded
        case (.output, _), (.input, _): break
        }
        context.close(mode: mode, promise: promise)
    }

    // MARK: Incoming

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let ciphertext = unwrapInboundIn(data)
        switch phase {
        case .handshake(let received, let held): hold(ciphertext, held, received: received, context)
        case .open, .outputEnded: receive(ciphertext, context)
        case .ended: break
        }
    }

    func read(context: ChannelHandlerContext) {
        // Nothing more is read while something waits for the pacer.
        if case .handshake(_, .some) = phase { wantsRead = true } else { context.read() }
    }

    /// Keeps a part of the handshake until it is its turn, which may be now.
    private func hold(
        _ ciphertext: ByteBuffer, _ held: ByteBuffer?, received: Int, _ context: ChannelHandlerContext
    ) {
        let received = received + ciphertext.readableBytes
        guard received <= Self.handshakeBytesMax else {
            return fail(.protocolError(reason: "the handshake is too long"), context)
        }
        if var held {
            held.writeImmutableBuffer(ciphertext)
            phase = .handshake(received: received, held: held)
            return
        }
        phase = .handshake(received: received, held: ciphertext)
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        pacer.run { bound.value.handler.takeTurn(bound.value.context) }
    }

    private func takeTurn(_ context: ChannelHandlerContext) {
        guard case .handshake(let received, let held?) = phase else { return }
        phase = .handshake(received: received, held: nil)
        receive(held, context)
        context.fireChannelReadComplete()
        guard wantsRead else { return }
        wantsRead = false
        context.read()
    }

    private var isReceiving: Bool {
        switch phase {
        case .handshake, .open, .outputEnded: !hasInputEnded
        case .ended: false
        }
    }

    private func receive(_ ciphertext: ByteBuffer, _ context: ChannelHandlerContext) {
        var rest = ciphertext
        while isReceiving, rest.readableBytes > 0,
            let piece = rest.readSlice(length: min(rest.readableBytes, Self.pieceLength))
        {
            do throws(TLSFailure) {
                try receive(piece: piece, context)
            } catch {
                return fail(error, context)
            }
        }
    }

    private func receive(piece: ByteBuffer, _ context: ChannelHandlerContext) throws(TLSFailure) {
        try piece.withUnsafeReadableBytes { bytes in
            Result { () throws(TLSFailure) in try session.receive(bytes: bytes) }
        }.get()
        if case .handshake = phase, session.isEstablished {
            phase = .open
            stopTimer()
        }
        try deliver(context, expecting: piece.readableBytes)
        answerPeer(context)
    }

    /// Passes on what can be decrypted. A handler that closes the connection meanwhile ends it.
    private func deliver(_ context: ChannelHandlerContext, expecting count: Int) throws(TLSFailure) {
        while isReceiving {
            var plaintext = context.channel.allocator.buffer(capacity: min(max(count, 256), Self.pieceLength))
            var result: Result<Int, TLSFailure> = .success(0)
            plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: 1) { bytes in
                result = Result { () throws(TLSFailure) in try session.read(into: bytes) }
                return (try? result.get()) ?? 0
            }
            guard try result.get() > 0 else { break }
            context.fireChannelRead(wrapInboundOut(plaintext))
        }
        guard session.isClosedByPeer, isReceiving else { return }
        hasInputEnded = true
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    /// Sends what the protocol itself has to say: the handshake, new keys, alerts.
    private func answerPeer(_ context: ChannelHandlerContext) {
        guard session.ciphertextCount > 0 else { return }
        // A peer can ask for such answers without end. One that does not read them is ended.
        guard context.channel.isWritable else { return close(context: context, mode: .all, promise: nil) }
        sendCiphertext(context)
    }

    // MARK: Outgoing

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var plaintext = unwrapOutboundIn(data)
        // An empty write only asks to be told when those before it are done.
        guard plaintext.readableBytes > 0 else { return context.write(data, promise: promise) }
        guard case .open = phase else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let pieces = plaintext.readableBytes / Self.pieceLength + 1
        var ciphertext = context.channel.allocator.buffer(
            capacity: plaintext.readableBytes + pieces * Self.recordOverhead)
        do throws(TLSFailure) {
            while plaintext.readableBytes > 0 {
                try encrypt(&plaintext, into: &ciphertext)
            }
            context.write(wrapOutboundOut(ciphertext), promise: promise)
        } catch {
            promise?.fail(error)
            fail(error, context)
        }
    }

    private func encrypt(_ plaintext: inout ByteBuffer, into ciphertext: inout ByteBuffer) throws(TLSFailure)
    {
        let count = min(plaintext.readableBytes, Self.pieceLength)
        try plaintext.withUnsafeReadableBytes { bytes in
            Result { () throws(TLSFailure) in
                try session.write(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            }
        }.get()
        plaintext.moveReaderIndex(forwardBy: count)
        takeCiphertext(into: &ciphertext)
    }

    private func takeCiphertext(into buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: session.ciphertextCount) { bytes in
            session.takeCiphertext(into: bytes)
        }
    }

    private func sendCiphertext(_ context: ChannelHandlerContext) {
        guard session.ciphertextCount > 0 else { return }
        var buffer = context.channel.allocator.buffer(capacity: session.ciphertextCount)
        takeCiphertext(into: &buffer)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    // MARK: Failure

    /// Sends the alert that tells the peer why, and ends the connection.
    private func fail(_ failure: TLSFailure, _ context: ChannelHandlerContext) {
        logger.debug("a TLS connection failed", metadata: ["cause": "\(failure.description)"])
        if case .notTLS = failure {
            context.writeAndFlush(wrapOutboundOut(Self.advice), promise: nil)
        } else {
            sendCiphertext(context)
        }
        phase = .ended
        context.close(promise: nil)
    }

    /// The answer to plain HTTP, as a person with a browser or curl can read it.
    private static let advice = ByteBuffer(
        string: "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n"
            + "Content-Length: 43\r\n\r\nThis port speaks TLS: write https:// here.\n")
}
