import Glibc
import Logging
import NIOCore

/// Pauses accepting while the system lacks the resources for another connection. Otherwise the waiting
/// connection would fail again and again, at full CPU load.
final class AcceptGuard: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let logger: Logger
    private var isPaused = false
    private var lastNotice: NIODeadline?

    /// How long to wait before the next try, and the shortest time between two log lines.
    private static let pause = TimeAmount.milliseconds(250)
    private static let noticeInterval = TimeAmount.seconds(60)

    init(logger: Logger) { self.logger = logger }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError,
            [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode)
        else { return context.fireErrorCaught(error) }
        notice(error.errnoCode)
        guard !isPaused, let options = context.channel.syncOptions else { return }
        isPaused = true
        try? options.setOption(.autoRead, value: false)
        let bound = NIOLoopBound((handler: self, options: options), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.pause) {
            bound.value.handler.isPaused = false
            // A listener that was closed meanwhile no longer has options.
            try? bound.value.options.setOption(.autoRead, value: true)
        }
    }

    private func notice(_ code: Int32) {
        let now = NIODeadline.now()
        if let lastNotice, now - lastNotice < Self.noticeInterval { return }
        lastNotice = now
        logger.error(
            "no new connections are accepted for now",
            metadata: ["cause": "\(String(cString: strerror(code)))", "advice": "\(OpenFileLimit.advice)"])
    }
}
