import ChatWire
import Logging
import NIOCore

/// Drives ChatWire's websocket state machine with the bytes of a channel.
///
/// ``flush()`` writes all queued output at once. A peer that stops reading is disconnected when too much
/// waits for it.
package final class WebSocketHandler: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// The limits of a websocket.
    package struct Limits: Sendable {
        package var message: WebSocketLimits
        /// How many outgoing bytes may wait for a peer that has stopped reading before it is disconnected.
        package var backlogBytes: Int
        /// How long a message may take from its first byte to its last; nil for no limit.
        package var messageTimeout: Duration?

        package init(message: WebSocketLimits, backlogBytes: Int, messageTimeout: Duration? = nil) {
            self.message = message
            self.backlogBytes = backlogBytes
            self.messageTimeout = messageTimeout
        }
    }

    private enum Phase {
        case open
        /// A close frame was sent. The peer has a limited time to end the connection.
        case ending
        case ended
    }

    private let user: any WebSocketUser
    private let backlogMax: Int
    private let logger: Logger
    private var machine: WebSocketConnection
    private var phase = Phase.open
    private var channelContext: ChannelHandlerContext?
    private var isHeld = false
    private var wantsRead = false
    private let messageTimeout: Duration?
    private let backlogs: ByteBudget<UserID>?
    /// The bytes held for the account in both directions, as last counted.
    private var counted = (bytes: 0, account: UserID(0))
    /// The output that waits for the channel, in pieces.
    private var backlog = CircularBuffer<ByteBuffer>()
    private var backlogBytes = 0
    private var isWriting = false
    private var cut: Scheduled<Void>?
    /// Ends the connection when a message takes too long.
    private var unfinished: Scheduled<Void>?

    /// The size of a piece, and the amount of output that is gathered before it is flushed, in bytes.
    private static let pieceLength = 64 * 1024
    private static let gatheredMax = 256 * 1024

    /// How long a peer may take to answer a close frame.
    private static let closeTimeout = TimeAmount.seconds(3)

    /// - Parameter backlogs: counts the bytes held for each account; nil counts nothing.
    init(user: any WebSocketUser, limits: Limits, backlogs: ByteBudget<UserID>? = nil, logger: Logger) {
        self.user = user
        self.logger = logger
        self.backlogs = backlogs
        messageTimeout = limits.messageTimeout
        backlogMax = limits.backlogBytes
        machine = WebSocketConnection(role: .server, limits: limits.message)
    }

    // MARK: The channel

    package func handlerAdded(context: ChannelHandlerContext) {
        channelContext = context
        user.webSocketOpened(self)
        flush()
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        channelContext = nil
        phase = .ended
        cut?.cancel()
        letGo()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        phase = .ended
        letGo()
        user.webSocketEnded(self)
        context.fireChannelInactive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard case .open = phase else { return }
        buffer.withUnsafeReadableBytes { machine.receive($0) }
        decode()
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        settle()
        context.fireChannelReadComplete()
    }

    package func read(context: ChannelHandlerContext) {
        if isHeld {
            wantsRead = true
        } else {
            context.read()
        }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flush() }
        context.fireChannelWritabilityChanged()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Usually the peer has reset the connection. The channel becomes inactive afterwards.
        context.close(promise: nil)
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerIsStopping, case .open = phase { user.serverStops(self) }
        // A half-closed websocket is useless: a peer that has stopped sending is gone.
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Incoming

    private func decode() {
        var isWhole = false
        while !isHeld, case .open = phase, let event = machine.nextEvent() {
            if case .text = event { isWhole = true }
            if case .binary = event { isWhole = true }
            user.webSocket(self, received: event)
        }
        if machine.transportAction == .close { return end() }
        if isWhole || unfinished != nil || machine.isInsideMessage { watchMessage(isWhole: isWhole) }
    }

    /// Limits the time of a message that has begun, whatever other frames arrive meanwhile.
    private func watchMessage(isWhole: Bool) {
        if isWhole || !machine.isInsideMessage {
            unfinished?.cancel()
            unfinished = nil
        }
        count()
        guard machine.isInsideMessage, unfinished == nil, case .open = phase, let messageTimeout,
            let context = channelContext
        else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        unfinished = context.eventLoop.scheduleTask(in: .nanoseconds(messageTimeout.nanoseconds)) {
            bound.value.giveUp("a message did not end", "too slow")
        }
    }

    /// Records that an account has signed in. From now on the bytes count for that account, and messages may
    /// have this length, in bytes.
    func admit(_ account: UserID, messageLength: Int) {
        machine.allow(messageLength: messageLength)
        backlogs?.give(counted.bytes, of: counted.account)
        counted = (0, account)
        count()
    }

    /// Counts the bytes held. The connection is closed when its account, or all accounts together, hold too
    /// much.
    private func count() {
        guard let backlogs else { return }
        // An amount smaller than one read is not worth counting.
        let inward = machine.unfinishedCapacity
        let bytes = backlogBytes + (inward > Self.pieceLength ? inward : 0)
        guard bytes != counted.bytes else { return }
        backlogs.give(counted.bytes, of: counted.account)
        counted.bytes = 0
        if backlogs.take(bytes, for: counted.account) {
            counted.bytes = bytes
        } else {
            giveUp("too much is held for an account", "too much is waiting")
        }
    }

    private func letGo() {
        unfinished?.cancel()
        unfinished = nil
        backlog.removeAll()
        backlogBytes = 0
        backlogs?.give(counted.bytes, of: counted.account)
        counted.bytes = 0
    }

    private func settle() {
        user.webSocketBurstEnded(self)
        if machine.outputCount > 0 { flush() }
    }

    /// Stops decoding and reading until ``resume()``.
    func hold() { isHeld = true }

    /// Continues decoding and reading after ``hold()``.
    func resume() {
        guard isHeld else { return }
        isHeld = false
        decode()
        settle()
        guard wantsRead, !isHeld else { return }
        wantsRead = false
        channelContext?.read()
    }

    // MARK: Outgoing

    /// Queues a frame for ``flush()``.
    func send(_ frame: EngineFrame) {
        switch frame {
        case .text(let bytes): send(text: bytes)
        case .binary(let bytes): send(binary: bytes)
        }
    }

    /// Queues a text message for ``flush()``. The bytes must be valid UTF-8.
    package func send(text: [UInt8]) {
        guard case .open = phase else { return }
        machine.send(text: text)
        if machine.outputCount > Self.gatheredMax { flush() }
    }

    /// Queues a binary message for ``flush()``.
    package func send(binary: [UInt8]) {
        guard case .open = phase else { return }
        machine.send(binary: binary)
        if machine.outputCount > Self.gatheredMax { flush() }
    }

    /// Writes the queued output as far as the channel accepts it. The rest waits until the channel is
    /// writable.
    package func flush() {
        guard let context = channelContext, context.channel.isActive else { return }
        collect(context)
        write(context)
        if backlogBytes > backlogMax {
            giveUp("a socket does not read", "reads too slowly")
        } else {
            count()
        }
    }

    private func collect(_ context: ChannelHandlerContext) {
        guard machine.outputCount > 0 else { return }
        machine.drainOutput { bytes in
            backlogBytes += bytes.count
            if let last = backlog.indices.last, backlog[last].readableBytes < Self.pieceLength {
                backlog[last].writeBytes(bytes)
            } else {
                backlog.append(context.channel.allocator.buffer(bytes: bytes))
            }
        }
    }

    /// Passes pieces to the channel while it is writable.
    private func write(_ context: ChannelHandlerContext) {
        // Writing can change the channel's writability, which calls this method again.
        guard !isWriting else { return }
        isWriting = true
        defer { isWriting = false }
        while context.channel.isWritable, let piece = backlog.popFirst() {
            backlogBytes -= piece.readableBytes
            context.writeAndFlush(wrapOutboundOut(piece), promise: nil)
        }
    }

    /// Closes the connection of a peer for which too much is held. The waiting output is dropped in whole
    /// frames, so that a peer that reads on sees the close reason next.
    private func giveUp(_ what: String, _ reason: String) {
        guard case .open = phase else { return }
        logger.notice("closed a socket", metadata: ["cause": "\(what)", "waiting": "\(backlogBytes)"])
        letGo()
        machine.close(code: .tryAgainLater, reason: reason)
        end()
        user.webSocketEnded(self)
    }

    // MARK: End

    /// Sends a close frame and ends the connection.
    package func close(_ code: WebSocketCloseCode = .normal, reason: String = "") {
        guard case .open = phase else { return }
        machine.close(code: code, reason: reason)
        end()
    }

    /// Writes the remaining output, then waits for the peer to end the connection, so that it can still read
    /// the close frame. An immediate close could reset the connection and lose the frame.
    private func end() {
        guard case .open = phase else { return }
        phase = .ending
        unfinished?.cancel()
        guard let context = channelContext else { return }
        collect(context)
        for piece in backlog { context.writeAndFlush(wrapOutboundOut(piece), promise: nil) }
        letGo()
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        cut = context.eventLoop.scheduleTask(in: Self.closeTimeout) {
            bound.value.channelContext?.close(promise: nil)
        }
    }
}

/// The event that every connection gets when the server stops.
struct ServerIsStopping: Sendable {}
