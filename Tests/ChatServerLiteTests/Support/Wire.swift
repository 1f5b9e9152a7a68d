import NIOCore
import NIOEmbedded

/// The place of a connection's socket: it keeps what handlers write, and how they end the connection.
///
/// A half-close reaches it instead of the channel, which can only close altogether.
final class Wire: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Ending: Equatable {
        case output
        case all
    }

    private(set) var endings: [Ending] = []
    private(set) var readCount = 0
    private var bytes: [UInt8] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        bytes += unwrapOutboundIn(data).readableBytesView
        promise?.succeed(())
    }

    func flush(context: ChannelHandlerContext) {}

    func read(context: ChannelHandlerContext) { readCount += 1 }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .output:
            endings.append(.output)
            promise?.succeed(())
        default:
            endings.append(.all)
            context.close(mode: mode, promise: promise)
        }
    }

    /// Everything written since the last call.
    func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// Everything written since the last call, as text without the lines that name the time.
    func takeText() -> String {
        String(decoding: take(), as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("Date: ") }.joined(separator: "\r\n")
    }
}

extension EmbeddedChannel {
    /// A connected channel whose peer has the address.
    static func connected(to address: String = "192.0.2.7") throws -> (EmbeddedChannel, Wire) {
        let channel = EmbeddedChannel()
        let peer = try SocketAddress(ipAddress: address, port: 49_152)
        try channel.connect(to: peer).wait()
        channel.remoteAddress = peer
        let wire = Wire()
        try channel.pipeline.syncOperations.addHandler(wire)
        return (channel, wire)
    }

    /// Delivers bytes as one read, and lets the event loop do what follows.
    func receive(_ bytes: some Sequence<UInt8>) throws {
        try writeInbound(ByteBuffer(bytes: bytes))
        embeddedEventLoop.run()
    }

    /// Changes whether the channel takes more output.
    func setWritable(_ isWritable: Bool) {
        self.isWritable = isWritable
        pipeline.fireChannelWritabilityChanged()
        embeddedEventLoop.run()
    }
}
