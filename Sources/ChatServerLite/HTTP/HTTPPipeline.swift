import NIOCore
import NIOHTTP1

/// The handlers of a connection: HTTP/1.1 at first, a websocket if the client asks for it.
enum HTTPPipeline {
    /// Puts the handlers for HTTP into a new channel. Called on its event loop.
    static func configure(_ channel: any Channel, service: HTTPService) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
        let encoder = HTTPResponseEncoder()
        let ordering = HTTPServerPipelineHandler()
        let errors = HTTPServerProtocolErrorHandler()
        let removed = NIOLoopBound((decoder, encoder, ordering, errors), eventLoop: channel.eventLoop)
        let http = HTTPConnectionHandler(service: service) { context, webSocket in
            upgrade(context, removed.value, webSocket)
        }
        try pipeline.addHandlers([encoder, decoder, ordering, errors, http])
    }

    /// Puts a websocket into the place of HTTP. What the client has sent after its request goes to it.
    private static func upgrade(
        _ context: ChannelHandlerContext,
        _ handlers: (
            decoder: ByteToMessageHandler<HTTPRequestDecoder>, encoder: HTTPResponseEncoder,
            ordering: HTTPServerPipelineHandler, errors: HTTPServerProtocolErrorHandler
        ),
        _ webSocket: WebSocketHandler
    ) {
        let pipeline = context.pipeline.syncOperations
        do {
            _ = pipeline.removeHandler(handlers.errors)
            _ = pipeline.removeHandler(handlers.ordering)
            _ = pipeline.removeHandler(handlers.encoder)
            try pipeline.addHandler(webSocket)
            _ = pipeline.removeHandler(context: context)
            // Last: the decoder passes its left-over bytes on to whoever follows it then, but does not say
            // that this was all.
            let pipeline = context.pipeline
            pipeline.syncOperations.removeHandler(handlers.decoder).whenComplete { _ in
                pipeline.fireChannelReadComplete()
            }
        } catch {
            // Only a channel that is closing has no place for a handler.
            context.close(promise: nil)
        }
    }
}
