import ChatWire
import Logging
import NIOCore

/// Serves the HTTP requests of one connection, one after the other, until the connection ends or becomes a
/// websocket.
///
/// While a request is being answered, nothing further is decoded or read: pipelined requests wait in the
/// client's kernel. A half-closed connection is answered like any other (RFC 9293 section 3.6).
final class HTTPConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case idle
        case receiving(Receiving)
        /// The request was answered before its end. The rest of it is discarded, and the connection ends.
        case discarding
        case responding
        case upgraded
    }

    /// A request that is not complete.
    private struct Receiving {
        let head: HTTPRequestHead
        let request: RouteRequest
        var body: RequestBody
    }

    private let service: HTTPService
    private let lease: ConnectionLease
    private var receiver = RequestReceiver()
    private var account: BodyAccount
    private var isDecoding = false
    private var state = State.idle
    private var isStopping = false
    private var wantsRead = false
    /// Whether the peer has closed its sending side.
    private var hasInputEnded = false
    /// Nil before the connection begins and after it ends.
    private var timer: ConnectionTimer?
    /// Completes the exchange once the peer has read the answer.
    private var finishAnswer: (() -> Void)?
    /// The task that answers the request. It is cancelled when the client is gone.
    private var answering: Task<Void, Never>?
    /// The session whose GET waits here for packets.
    private var polled: EngineConnection?
    /// Whether a request has begun whose head is not complete.
    private var hasBegun = false

    init(service: HTTPService, lease: ConnectionLease) {
        self.service = service
        self.lease = lease
        account = BodyAccount(service.bodies, address: lease.address)
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        timer = ConnectionTimer(context.eventLoop, timeout: timeout) { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { release() }

    func channelInactive(context: ChannelHandlerContext) {
        release()
        finishAnswer = nil
        answering?.cancel()
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

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerIsStopping {
            isStopping = true
            if case .idle = state { closeAfterWrites(context) }
            polled?.goAway()
        } else if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            hasInputEnded = true
            polled?.pollEnded()
            endWithInput(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .discarding: return
        case .upgraded: return context.fireChannelRead(data)
        case .idle, .receiving, .responding: break
        }
        receiver.append(unwrapInboundIn(data))
        decode(context)
        noteProgress()
        endWithInput(context)
    }

    func read(context: ChannelHandlerContext) {
        if case .responding = state { wantsRead = true } else { context.read() }
    }

    private func readOn(_ context: ChannelHandlerContext) {
        guard wantsRead else { return }
        wantsRead = false
        context.read()
    }

    /// Closes a half-closed connection once no answer is pending.
    private func endWithInput(_ context: ChannelHandlerContext) {
        guard hasInputEnded else { return }
        switch state {
        case .idle, .receiving: closeAfterWrites(context)
        case .discarding, .responding, .upgraded: break
        }
    }

    private func release() {
        timer?.cancel()
        timer = nil
        account.giveAll()
    }

    private func closeAfterWrites(_ context: ChannelHandlerContext) {
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }

    // MARK: The request

    /// Decodes input until a request is being answered.
    private func decode(_ context: ChannelHandlerContext) {
        guard !isDecoding else { return }
        isDecoding = true
        defer {
            isDecoding = false
            receiver.releaseMemory()
        }
        while isReceiving {
            do throws(HTTPParseError) {
                switch try receiver.next() {
                case .head(let head)?: receive(head, context)
                case .body(let piece)?: receive(piece, context)
                case .end?: receiveEnd(context)
                case nil: return
                }
            } catch {
                let head = HTTPRequestHead(method: HTTPMethod.get.rawValue, target: "/")
                return refuse(head, RouteError(error).response, context)
            }
        }
    }

    private var isReceiving: Bool {
        switch state {
        case .idle, .receiving: true
        case .discarding, .responding, .upgraded: false
        }
    }

    private func receive(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var request = RouteRequest(head: head, body: [])
        request.client = service.client(of: lease.address, head.headers)
        account = BodyAccount(service.bodies, address: request.client.text)
        let limit: Int
        switch service.admit(head, request, announced: head.bodyLength) {
        case .refuse(let response): return refuse(head, response, context)
        case .body(let most): limit = min(most, service.requestBodyBytes)
        }
        if let announced = head.bodyLength, announced > limit {
            return refuse(head, RouteError.bodyTooLarge.response, context)
        }
        state = .receiving(Receiving(head: head, request: request, body: RequestBody(limit: limit)))
        guard head.bodyLength != 0 else { return }
        limitTime(for: head.bodyLength ?? limit)
        // HTTP/1.0 has no interim answers (RFC 9110 section 10.1.1).
        if head.version >= .http11, head.headers["Expect"]?.lowercased() == "100-continue" {
            let interim = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(interim), promise: nil)
        }
    }

    private func receive(_ piece: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .receiving(var receiving) = state else { return }
        // The state must not hold a second reference while the body grows.
        state = .discarding
        do throws(RouteError) {
            try receiving.body.append(piece, countedIn: &account, context.channel.allocator)
            state = .receiving(receiving)
        } catch {
            refuse(receiving.head, error.response, context)
        }
    }

    private func refuse(
        _ head: HTTPRequestHead, _ response: RouteResponse, _ context: ChannelHandlerContext
    ) {
        state = .discarding
        _ = receiver.takeRest()
        account.giveAll()
        var response = response
        response.closesConnection = true
        write(response, to: head, context)
    }

    private func receiveEnd(_ context: ChannelHandlerContext) {
        guard case .receiving(let receiving) = state else { return }
        let head = receiving.head
        var request = receiving.request
        request.body = receiving.body.bytes
        // This comes before any answer: a websocket no longer counts as an unfinished request.
        lease.settle()
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
        timer?.removeDeadline()
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        answering = Task(executorPreference: service.taskExecutor) { [service, request] in
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
            if let refusal = gateway.refusal(of: request.client) { return write(refusal, to: head, context) }
            gateway.begin(.polling, for: request.client).open(answer: wait(head, context, calling: callback))
        case .poll(let connection, let callback):
            let answer = wait(head, context, calling: callback)
            polled = connection
            connection.poll(answer)
            if hasInputEnded { polled?.pollEnded() }
        case .post(let connection): connection.post(request.body, wait(head, context))
        case .upgrade(let response, let connection?):
            changeProtocol(response, user: connection, gateway.webSocketLimits, context)
        case .upgrade(let response, nil):
            if let refusal = gateway.refusal(of: request.client) { return write(refusal, to: head, context) }
            let session = gateway.begin(.webSocket, for: request.client)
            changeProtocol(response, user: session, gateway.webSocketLimits, context)
        }
    }

    /// Starts answering, and returns the function that takes the answer, now or later.
    private func wait(
        _ head: HTTPRequestHead, _ context: ChannelHandlerContext, calling callback: JSONPCallback? = nil
    ) -> (RouteResponse) -> Void {
        state = .responding
        timer?.removeDeadline()
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
            write(EngineGateway.refusal(of: error), to: head, context)
        }
    }

    private func changeProtocol(
        _ response: HTTPResponse, user: any WebSocketUser, _ limits: WebSocketHandler.Limits,
        _ context: ChannelHandlerContext
    ) {
        state = .upgraded
        release()
        var answer = context.channel.allocator.buffer(capacity: 256)
        answer.writeString("HTTP/1.1 101 Switching Protocols\r\n")
        for field in response.headers.fields { answer.writeString("\(field.name): \(field.value)\r\n") }
        answer.writeString("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        let webSocket = WebSocketHandler(
            user: user, limits: limits, backlogs: service.backlogs, logger: service.logger)
        do {
            try context.pipeline.syncOperations.addHandler(webSocket)
        } catch {
            // Adding a handler fails only while the channel is closing.
            return context.close(promise: nil)
        }
        handOver(context)
    }

    /// Passes the bytes that the client sent after its request to the websocket.
    private func handOver(_ context: ChannelHandlerContext) {
        let rest = receiver.takeRest()
        if rest.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(rest))
            context.fireChannelReadComplete()
        }
        if hasInputEnded { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
        readOn(context)
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    // MARK: The response

    private func write(_ response: RouteResponse, to head: HTTPRequestHead, _ context: ChannelHandlerContext)
    {
        guard context.channel.isActive else { return }
        let keepsAlive =
            head.isKeepAlive && !response.closesConnection && !isStopping
            && !(hasInputEnded && receiver.waitingBytes == 0)
        let isBodyLeftOut = head.method == HTTPMethod.head.rawValue
        var answer = context.channel.allocator.buffer(
            capacity: 640 + (isBodyLeftOut ? 0 : response.body.count))
        response.writeHead(to: head, keepsAlive: keepsAlive, of: service, into: &answer)
        if !isBodyLeftOut { answer.writeBytes(response.body) }
        var written: EventLoopPromise<Void>?
        if !keepsAlive {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            written = context.eventLoop.makePromise()
            // A half-close lets the peer read the answer while it is still sending.
            written?.futureResult.whenComplete { _ in bound.value.close(mode: .output, promise: nil) }
        }
        timer?.setDeadline(in: timeout)
        service.log(head, response)
        finishAnswer = { [self, hold = response.hold] in
            // The bytes of the answer count until the peer has read it.
            withExtendedLifetime(hold) { finish(context, keepsAlive: keepsAlive) }
        }
        context.writeAndFlush(wrapOutboundOut(answer), promise: written)
        // The next request begins once this answer was taken, so that no further answer is made for a peer
        // that does not read a large one.
        if context.channel.isWritable { answerWasTaken() }
    }

    private func answerWasTaken() {
        guard let finish = finishAnswer else { return }
        finishAnswer = nil
        finish()
    }

    private func finish(_ context: ChannelHandlerContext, keepsAlive: Bool) {
        account.giveAll()
        guard keepsAlive else {
            state = .discarding
            _ = receiver.takeRest()
            timer?.setDeadline(in: .seconds(3))
            return readOn(context)
        }
        state = .idle
        hasBegun = false
        timer?.setDeadline(in: timeout)
        // The request was answered while it was being decoded, so the decoder continues by itself.
        guard !isDecoding else { return }
        decode(context)
        noteProgress()
        endWithInput(context)
        if case .responding = state { return }
        readOn(context)
    }

    // MARK: Time

    private var timeout: TimeAmount { .nanoseconds(service.requestTimeout.nanoseconds) }

    /// Called after a read. Once a head has begun, it must be complete soon.
    private func noteProgress() {
        guard case .idle = state, receiver.isInsideRequest, !hasBegun else { return }
        hasBegun = true
        lease.begin()
        timer?.bringForward(to: ConnectionTimer.headTime)
    }

    /// Sets the deadline of a body that must still arrive, by the minimum speed.
    private func limitTime(for bytes: Int) {
        guard bytes > receiver.waitingBytes else { return }
        lease.begin()
        timer?.setDeadline(in: min(timeout, ConnectionTimer.bodyTime(bytes)))
    }
}
