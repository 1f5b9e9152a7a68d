import ChatWire
import Logging
import NIOCore
import NIOHTTP1

/// Serves the HTTP requests of one connection, one after the other, until it ends or becomes a websocket.
final class HTTPConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case receiving(HTTPRequestHead, body: ByteBuffer?)
        /// Answered before its end: what still comes of the request is passed over.
        case discarding
        case responding
        case upgraded
    }

    private let service: HTTPService
    private let upgrade: Upgrade
    private var state = State.idle
    private var isStopping = false
    private var deadline = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?
    /// Ends the answer that the peer has not read yet.
    private var finishAnswer: (() -> Void)?
    /// The session whose GET waits here for something to say.
    private var polled: EngineConnection?

    /// Turns the channel into a websocket.
    typealias Upgrade = (ChannelHandlerContext, WebSocketHandler) -> Void

    /// - Parameter upgrade: called on the channel's event loop, after the 101.
    init(service: HTTPService, upgrade: @escaping Upgrade) {
        self.service = service
        self.upgrade = upgrade
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) { startTimer(context) }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        if let connection = polled {
            polled = nil
            connection.pollAborted()
        }
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { answerWasTaken() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // HTTPServerProtocolErrorHandler has answered what could be answered.
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerIsStopping {
            isStopping = true
            if case .idle = state { context.close(promise: nil) }
            polled?.goAway()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): receive(head, context)
        case .body(let part): receive(part, context)
        case .end: receiveEnd(context)
        }
    }

    // MARK: The request

    private func receive(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        state = .receiving(head, body: nil)
        let announced = head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        if announced > service.requestBodyBytes {
            return refuse(head, .bodyTooLarge, context)
        }
        if head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))),
                promise: nil)
        }
    }

    private func receive(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .receiving(let head, let body) = state else { return }
        var part = part
        var whole = body ?? ByteBuffer()
        guard whole.readableBytes + part.readableBytes <= service.requestBodyBytes else {
            return refuse(head, .bodyTooLarge, context)
        }
        // The state must not hold a second reference while the buffer grows.
        state = .discarding
        whole.writeBuffer(&part)
        state = .receiving(head, body: whole)
    }

    private func refuse(_ head: HTTPRequestHead, _ error: RouteError, _ context: ChannelHandlerContext) {
        state = .discarding
        write(error.response, to: head, context)
    }

    private func receiveEnd(_ context: ChannelHandlerContext) {
        guard case .receiving(let head, let body) = state else { return }
        let bytes = body.map { Array($0.readableBytesView) } ?? []
        let request = RouteRequest(head: head, body: bytes)
        switch service.realtime[request.path.pattern] {
        case .engine(let gateway):
            return meet(
                gateway.verdict(on: head, query: request.query, origins: service.allowedOrigins), at: gateway,
                head, request, context)
        case .webSocket(let limits, let makeUser):
            return shakeHands(head, limits, makeUser, context)
        case nil: break
        }
        state = .responding
        deadline = .distantFuture
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        Task(executorPreference: service.taskExecutor) { [service] in
            let response = await service.respond(request)
            bound.value.handler.write(response, to: head, bound.value.context)
        }
    }

    // MARK: Realtime

    private func meet(
        _ verdict: EngineGateway.Verdict, at gateway: EngineGateway, _ head: HTTPRequestHead,
        _ request: RouteRequest, _ context: ChannelHandlerContext
    ) {
        switch verdict {
        case .respond(let response): write(response, to: head, context)
        case .open(let callback):
            gateway.begin(.polling).open(answer: wait(head, context, calling: callback))
        case .poll(let connection, let callback):
            let answer = wait(head, context, calling: callback)
            polled = connection
            connection.poll(answer)
        case .post(let connection): connection.post(request.body, wait(head, context))
        case .upgrade(let response, let connection):
            changeProtocol(
                response, user: connection ?? gateway.begin(.webSocket), gateway.webSocketLimits, context)
        }
    }

    /// What answers the request, now or later.
    private func wait(
        _ head: HTTPRequestHead, _ context: ChannelHandlerContext, calling callback: JSONPCallback? = nil
    ) -> (RouteResponse) -> Void {
        state = .responding
        deadline = .distantFuture
        return { [self] response in
            polled = nil
            write(callback?.wrap(response) ?? response, to: head, context)
        }
    }

    private func shakeHands(
        _ head: HTTPRequestHead, _ limits: WebSocketHandler.Limits, _ makeUser: () -> any WebSocketUser,
        _ context: ChannelHandlerContext
    ) {
        do throws(WebSocketHandshakeError) {
            let response = try WebSocketServerHandshake.accept(HTTPRequest(head))
            changeProtocol(response, user: makeUser(), limits, context)
        } catch {
            write(EngineGateway.refusal("Invalid websocket upgrade"), to: head, context)
        }
    }

    private func changeProtocol(
        _ response: HTTPResponse, user: any WebSocketUser, _ limits: WebSocketHandler.Limits,
        _ context: ChannelHandlerContext
    ) {
        state = .upgraded
        var answer = HTTPResponseHead(version: .http1_1, status: .switchingProtocols)
        for field in response.headers.fields { answer.headers.add(name: field.name, value: field.value) }
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        timer?.cancel()
        upgrade(context, WebSocketHandler(user: user, limits: limits, logger: service.logger))
    }

    // MARK: The response

    private func write(_ response: RouteResponse, to head: HTTPRequestHead, _ context: ChannelHandlerContext)
    {
        guard context.channel.isActive else { return }
        let keepsAlive = head.isKeepAlive && !response.closesConnection && !isStopping
        var answer = HTTPResponseHead(
            version: head.version, status: HTTPResponseStatus(statusCode: response.status))
        answer.headers = headers(of: response, to: head, keepsAlive: keepsAlive)
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if head.method != .HEAD, !response.body.isEmpty {
            let body = context.channel.allocator.buffer(bytes: response.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        deadline = .now() + timeout
        finishAnswer = { [self] in finish(context, head, response, keepsAlive: keepsAlive) }
        // The next request begins with the end of this answer: a peer that does not read a large one has no
        // further one made for it.
        if !context.channel.isWritable { context.flush() }
        if context.channel.isWritable { answerWasTaken() }
    }

    private func answerWasTaken() {
        guard let finish = finishAnswer else { return }
        finishAnswer = nil
        finish()
    }

    private func finish(
        _ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ response: RouteResponse,
        keepsAlive: Bool
    ) {
        if case .discarding = state {} else { state = .idle }
        deadline = .now() + timeout
        let done = context.eventLoop.makePromise(of: Void.self)
        if !keepsAlive {
            let channel = NIOLoopBound(context, eventLoop: context.eventLoop)
            // Half a close lets the peer read the answer even while it still sends.
            done.futureResult.whenComplete { _ in channel.value.close(mode: .output, promise: nil) }
            deadline = .now() + .seconds(3)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: keepsAlive ? nil : done)
        if keepsAlive { done.succeed() } else { startTimer(context) }
        log(head, response)
    }

    private func headers(
        of response: RouteResponse, to head: HTTPRequestHead, keepsAlive: Bool
    ) -> NIOHTTP1.HTTPHeaders {
        var headers = NIOHTTP1.HTTPHeaders()
        headers.reserveCapacity(9)
        headers.add(name: "Content-Type", value: response.contentType)
        headers.add(name: "Content-Length", value: String(response.body.count))
        let asked = CrossOrigin.Request(
            origin: head.headers.first(name: "Origin"),
            wantedFields: head.headers.first(name: "Access-Control-Request-Headers"),
            isPreflight: head.method == .OPTIONS)
        for field in response.crossOrigin.fields(
            for: asked, allowed: service.allowedOrigins, manner: service.manner)
        {
            headers.add(name: field.name, value: field.value)
        }
        if !response.allowedMethods.isEmpty {
            headers.add(name: "Allow", value: response.allowedMethods.joined(separator: ", "))
        }
        headers.add(name: "Date", value: WireDate.http(ServerClock.now()))
        if !keepsAlive {
            headers.add(name: "Connection", value: "close")
        } else if head.version == .http1_0 {
            headers.add(name: "Connection", value: "keep-alive")
        }
        return headers
    }

    /// Paths may hold ids and nothing of people; queries may, so they are left out.
    private func log(_ head: HTTPRequestHead, _ response: RouteResponse) {
        let (path, _) = RequestTarget.split(head.uri)
        service.logger.debug(
            "request",
            metadata: [
                "method": "\(head.method.rawValue)", "path": "\(path.prefix(80))",
                "status": "\(response.status)",
            ])
    }

    // MARK: Time

    private var timeout: TimeAmount {
        .nanoseconds(service.requestTimeout.nanoseconds)
    }

    /// One timer for the life of the connection: when it goes off too early it is set again.
    private func startTimer(_ context: ChannelHandlerContext) {
        timer?.cancel()
        if deadline == .distantFuture { deadline = .now() + timeout }
        schedule(context)
    }

    private func schedule(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let next = deadline == .distantFuture ? .now() + timeout : deadline
        timer = context.eventLoop.scheduleTask(deadline: next) {
            bound.value.handler.timePassed(bound.value.context)
        }
    }

    private func timePassed(_ context: ChannelHandlerContext) {
        if deadline <= .now() { return context.close(promise: nil) }
        schedule(context)
    }
}
