import ChatWire
import Logging
import NIOCore

/// Drives the websocket machine of ChatWire with the bytes of a channel.
///
/// What is sent is written by ``flush()``, all of it at once. A reader who stops reading is cut off when
/// too much waits for it.
package final class WebSocketHandler: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// What a websocket may cost.
    package struct Limits: Sendable {
        package var message: WebSocketLimits
        /// How many bytes may wait for a reader that has stopped reading before it is closed.
        package var backlogBytes: Int
        /// How long a message may take from its first byte to its last.
        package var messageTimeout: Duration?

        package init(message: WebSocketLimits, backlogBytes: Int, messageTimeout: Duration? = nil) {
            self.message = message
            self.backlogBytes = backlogBytes
            self.messageTimeout = messageTimeout
        }
    }

    private enum Phase {
        case open
        /// A close frame is out; the peer has a while to end the connection.
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
    /// What is held for the account, in both directions, as it has been counted.
    private var counted = (bytes: 0, account: UserID(0))
    /// What waits for the channel, in pieces.
    private var backlog = CircularBuffer<ByteBuffer>()
    private var backlogBytes = 0
    private var isWriting = false
    private var cut: Scheduled<Void>?
    /// Ends the connection when a message that has begun does not.
    private var unfinished: Scheduled<Void>?

    /// What goes to the channel at once, and what is gathered before it is tried.
    private static let pieceLength = 64 * 1024
    private static let gatheredMax = 256 * 1024

    /// How long a peer may take to answer a close frame.
    private static let closeTimeout = TimeAmount.seconds(3)

    /// - Parameter backlogs: where what is held for the account is counted.
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
        // A reset by the peer, most often: the channel becomes inactive after it.
        context.close(promise: nil)
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerIsStopping, case .open = phase { user.serverStops(self) }
        // Half a websocket is none: whoever has stopped sending is gone.
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: What comes in

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

    /// A message that has begun must end in its time, whatever else comes meanwhile.
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

    /// Somebody has signed in: what is held counts for the account, and messages may be long.
    func admit(_ account: UserID, messageLength: Int) {
        machine.allow(messageLength: messageLength)
        backlogs?.give(counted.bytes, of: counted.account)
        counted = (0, account)
        count()
    }

    /// Counts what is held. A connection for which too much is held, with the others of its account or with all
    /// others, is given up.
    private func count() {
        guard let backlogs else { return }
        // Less than a read is not worth counting.
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

    /// Nothing further is decoded or read until ``resume()``.
    func hold() { isHeld = true }

    func resume() {
        guard isHeld else { return }
        isHeld = false
        decode()
        settle()
        guard wantsRead, !isHeld else { return }
        wantsRead = false
        channelContext?.read()
    }

    // MARK: What goes out

    /// Puts a frame behind the others, for ``flush()``.
    func send(_ frame: EngineFrame) {
        switch frame {
        case .text(let bytes): send(text: bytes)
        case .binary(let bytes): send(binary: bytes)
        }
    }

    /// Puts a message of valid UTF-8 behind the others, for ``flush()``.
    package func send(text: [UInt8]) {
        guard case .open = phase else { return }
        machine.send(text: text)
        if machine.outputCount > Self.gatheredMax { flush() }
    }

    /// Puts a binary message behind the others, for ``flush()``.
    package func send(binary: [UInt8]) {
        guard case .open = phase else { return }
        machine.send(binary: binary)
        if machine.outputCount > Self.gatheredMax { flush() }
    }

    /// Writes what waits, unless the peer reads too slowly: then it waits for the channel.
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

    /// Hands pieces over as long as the channel takes them.
    private func write(_ context: ChannelHandlerContext) {
        // Writing may tell of the channel's writability, and so come here again.
        guard !isWriting else { return }
        isWriting = true
        defer { isWriting = false }
        while context.channel.isWritable, let piece = backlog.popFirst() {
            backlogBytes -= piece.readableBytes
            context.writeAndFlush(wrapOutboundOut(piece), promise: nil)
        }
    }

    /// Closes a peer for which too much is held. What waits for it is dropped, whole frames all of them, so that
    /// the reason comes next should it read on.
    private func giveUp(_ what: String, _ reason: String) {
        guard case .open = phase else { return }
        logger.notice("closed a socket", metadata: ["cause": "\(what)", "waiting": "\(backlogBytes)"])
        letGo()
        machine.close(code: .tryAgainLater, reason: reason)
        end()
        user.webSocketEnded(self)
    }

    // MARK: The end

    /// Says goodbye and ends.
    package func close(_ code: WebSocketCloseCode = .normal, reason: String = "") {
        guard case .open = phase else { return }
        machine.close(code: code, reason: reason)
        end()
    }

    /// Writes the rest and waits for the peer to end the connection, so that it can still read our close
    /// frame: an immediate close could reset it away.
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

/// Told to every connection when the server stops.
struct ServerIsStopping: Sendable {}
