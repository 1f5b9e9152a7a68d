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

        package init(message: WebSocketLimits, backlogBytes: Int) {
            self.message = message
            self.backlogBytes = backlogBytes
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
    private var backlog: ByteBuffer?
    private var cut: Scheduled<Void>?

    /// How long a peer may take to answer a close frame.
    private static let closeTimeout = TimeAmount.seconds(3)

    init(user: any WebSocketUser, limits: Limits, logger: Logger) {
        self.user = user
        self.logger = logger
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
    }

    package func channelInactive(context: ChannelHandlerContext) {
        phase = .ended
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
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: What comes in

    private func decode() {
        while !isHeld, case .open = phase, let event = machine.nextEvent() {
            user.webSocket(self, received: event)
        }
        if machine.transportAction == .close { end() }
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
    }

    /// Puts a binary message behind the others, for ``flush()``.
    package func send(binary: [UInt8]) {
        guard case .open = phase else { return }
        machine.send(binary: binary)
    }

    /// Writes what waits, all of it at once, unless the peer reads too slowly: then it waits for the channel.
    package func flush() {
        guard let context = channelContext, context.channel.isActive else { return }
        collect(context)
        if context.channel.isWritable {
            write(context)
        } else if let waiting = backlog?.readableBytes, waiting > backlogMax {
            giveUp(waiting)
        }
    }

    private func collect(_ context: ChannelHandlerContext) {
        machine.drainOutput { bytes in
            if backlog == nil {
                backlog = context.channel.allocator.buffer(bytes: bytes)
            } else {
                backlog?.writeBytes(bytes)
            }
        }
    }

    private func write(_ context: ChannelHandlerContext) {
        guard let waiting = backlog else { return }
        backlog = nil
        context.writeAndFlush(wrapOutboundOut(waiting), promise: nil)
    }

    /// Closes a peer that has stopped reading. What waits for it is dropped, whole frames all of them, so that
    /// the reason comes next should it read on.
    private func giveUp(_ waiting: Int) {
        guard case .open = phase else { return }
        logger.notice("closed a socket that does not read", metadata: ["waiting": "\(waiting)"])
        backlog = nil
        machine.close(code: .tryAgainLater, reason: "reads too slowly")
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
        guard let context = channelContext else { return }
        collect(context)
        write(context)
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        cut = context.eventLoop.scheduleTask(in: Self.closeTimeout) {
            bound.value.channelContext?.close(promise: nil)
        }
    }
}

/// Told to every connection when the server stops.
struct ServerIsStopping: Sendable {}
