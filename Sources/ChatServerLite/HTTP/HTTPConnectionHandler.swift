import ChatWire
import Logging
import NIOCore
import NIOHTTP1

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
        var request: RouteRequest
        var body: ByteBuffer?
        /// The longest allowed body, in bytes.
        let limit: Int
    }

    private let service: HTTPService
    private let lease: ConnectionLease
    private var parser = HTTPRequestParser()
    private var input = ByteBuffer()
    private var isDecoding = false
    private var state = State.idle
    private var isStopping = false
    private var wantsRead = false
    /// Whether the peer has closed its sending side.
    private var hasInputEnded = false
    private var deadline = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?
    /// Completes the exchange once the peer has read the answer.
    private var finishAnswer: (() -> Void)?
    /// The task that answers the request. It is cancelled when the client is gone.
    private var answering: Task<Void, Never>?
    /// The session whose GET waits here for packets.
    private var polled: EngineConnection?
    /// Whether a request has begun whose head is not complete.
    private var hasBegun = false
    /// The bytes of the current body, as counted in the budget of all connections.
    private var bodyBytes = 0

    init(service: HTTPService, lease: ConnectionLease) {
        self.service = service
        self.lease = lease
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) { startTimer(context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        giveBody()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        giveBody()
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
        var buffer = unwrapInboundIn(data)
        switch state {
        case .discarding: return
        case .upgraded: return context.fireChannelRead(data)
        case .idle, .receiving, .responding: break
        }
        if input.readableBytes == 0 { input = buffer } else { input.writeBuffer(&buffer) }
        decode(context)
        noteProgress(context)
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
            // An empty slice must not keep the buffer that the channel reads into.
            if input.readableBytes == 0 { input = ByteBuffer() }
        }
        while isReceiving {
            do throws(HTTPParseError) {
                guard let part = try nextPart() else { return }
                switch part {
                case .head(let head): receive(head, context)
                case .body(let range):
                    let piece = input.slice(range)
                    input.moveReaderIndex(forwardBy: range.upperBound)
                    receive(piece, context)
                case .end: receiveEnd(context)
                }
            } catch {
                let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
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

    /// The next part of the request. For a part of the body it returns the range and leaves the bytes in the
    /// input.
    private func nextPart() throws(HTTPParseError) -> HTTPRequestParser.Part? {
        var position = 0
        let result = input.withUnsafeReadableBytes { bytes in
            Result { () throws(HTTPParseError) in try parser.next(in: bytes, at: &position) }
        }
        let part = try result.get()
        if case .body? = part { return part }
        input.moveReaderIndex(forwardBy: position)
        return part
    }

    private func receive(_ parsed: HTTPRequestParser.Head, _ context: ChannelHandlerContext) {
        var head = HTTPRequestHead(
            version: parsed.version == .http11 ? .http1_1 : .http1_0,
            method: NIOHTTP1.HTTPMethod(rawValue: parsed.method), uri: parsed.target)
        for field in parsed.headers.fields { head.headers.add(name: field.name, value: field.value) }
        if parsed.endsConnection { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        let request = RouteRequest(head: head, body: [])
        let limit: Int
        switch service.admit(head, request, announced: parsed.bodyLength) {
        case .refuse(let response): return refuse(head, response, context)
        case .body(let most): limit = min(most, service.requestBodyBytes)
        }
        if let announced = parsed.bodyLength, announced > limit {
            return refuse(head, RouteError.bodyTooLarge.response, context)
        }
        state = .receiving(Receiving(head: head, request: request, body: nil, limit: limit))
        guard parsed.bodyLength != 0 else { return }
        limitTime(for: parsed.bodyLength ?? limit, context)
        // HTTP/1.0 has no interim answers (RFC 9110 section 10.1.1).
        if head.version.minor > 0, head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
            let interim = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(interim), promise: nil)
        }
    }

    private func receive(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .receiving(var receiving) = state else { return }
        guard bodyBytes + part.readableBytes <= receiving.limit else {
            return refuse(receiving.head, RouteError.bodyTooLarge.response, context)
        }
        guard service.bodies.take(part.readableBytes, for: lease.address) else {
            return refuse(receiving.head, RouteError.overloaded.response, context)
        }
        bodyBytes += part.readableBytes
        // The state must not hold a second reference while the buffer grows.
        state = .discarding
        if receiving.body == nil {
            // This copies the bytes, because a slice would keep the whole buffer that it came in.
            receiving.body = context.channel.allocator.buffer(capacity: part.readableBytes)
        }
        receiving.body?.writeImmutableBuffer(part)
        state = .receiving(receiving)
    }

    private func giveBody() {
        guard bodyBytes > 0 else { return }
        service.bodies.give(bodyBytes, of: lease.address)
        bodyBytes = 0
    }

    private func refuse(
        _ head: HTTPRequestHead, _ response: RouteResponse, _ context: ChannelHandlerContext
    ) {
        state = .discarding
        input = ByteBuffer()
        giveBody()
        var response = response
        response.closesConnection = true
        write(response, to: head, context)
    }

    private func receiveEnd(_ context: ChannelHandlerContext) {
        guard case .receiving(let receiving) = state else { return }
        let head = receiving.head
        var request = receiving.request
        request.body = receiving.body.map { Array($0.readableBytesView) } ?? []
        // This comes before any answer: a websocket no longer counts as an unfinished request.
        lease.settle()
        request.address = lease.address
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
            gateway.begin(.polling).open(answer: wait(head, context, calling: callback))
        case .poll(let connection, let callback):
            let answer = wait(head, context, calling: callback)
            polled = connection
            connection.poll(answer)
            if hasInputEnded { polled?.pollEnded() }
        case .post(let connection): connection.post(request.body, wait(head, context))
        case .upgrade(let response, let connection):
            changeProtocol(
                response, user: connection ?? gateway.begin(.webSocket), gateway.webSocketLimits, context)
        }
    }

    /// Starts answering, and returns the function that takes the answer, now or later.
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
            write(EngineGateway.refusal(of: error), to: head, context)
        }
    }

    private func changeProtocol(
        _ response: HTTPResponse, user: any WebSocketUser, _ limits: WebSocketHandler.Limits,
        _ context: ChannelHandlerContext
    ) {
        state = .upgraded
        timer?.cancel()
        giveBody()
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
        let rest = input
        input = ByteBuffer()
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
            && !(hasInputEnded && input.readableBytes == 0)
        let isBodyLeftOut = head.method == .HEAD
        var answer = context.channel.allocator.buffer(
            capacity: 640 + (isBodyLeftOut ? 0 : response.body.count))
        writeHead(of: response, to: head, keepsAlive: keepsAlive, into: &answer)
        if !isBodyLeftOut { answer.writeBytes(response.body) }
        var written: EventLoopPromise<Void>?
        if !keepsAlive {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            written = context.eventLoop.makePromise()
            // A half-close lets the peer read the answer while it is still sending.
            written?.futureResult.whenComplete { _ in bound.value.close(mode: .output, promise: nil) }
        }
        deadline = .now() + timeout
        log(head, response)
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
        giveBody()
        guard keepsAlive else {
            state = .discarding
            input = ByteBuffer()
            deadline = .now() + .seconds(3)
            startTimer(context)
            return readOn(context)
        }
        state = .idle
        hasBegun = false
        deadline = .now() + timeout
        // The request was answered while it was being decoded, so the decoder continues by itself.
        guard !isDecoding else { return }
        decode(context)
        noteProgress(context)
        endWithInput(context)
        if case .responding = state { return }
        readOn(context)
    }

    private func writeHead(
        of response: RouteResponse, to head: HTTPRequestHead, keepsAlive: Bool, into answer: inout ByteBuffer
    ) {
        let status = HTTPResponseStatus(statusCode: response.status)
        func add(_ name: String, _ value: String) {
            answer.writeString(name)
            answer.writeStaticString(": ")
            answer.writeString(value)
            answer.writeStaticString("\r\n")
        }
        answer.writeString(
            "HTTP/1.\(head.version.minor == 0 ? 0 : 1) \(status.code) \(status.reasonPhrase)\r\n")
        add("Content-Type", response.contentType)
        add("Content-Length", String(response.body.count))
        let asked = CrossOrigin.Request(
            origin: head.headers.first(name: "Origin"),
            wantedFields: head.headers.first(name: "Access-Control-Request-Headers"),
            isPreflight: head.method == .OPTIONS)
        for field in response.crossOrigin.fields(
            for: asked, allowed: service.allowedOrigins, asRecorded: service.allowsOriginsAsRecorded)
        {
            add(field.name, field.value)
        }
        if !response.allowedMethods.isEmpty { add("Allow", response.allowedMethods.joined(separator: ", ")) }
        for field in response.headers.fields { add(field.name, field.value) }
        // Every answer is valid only now, and many are private (RFC 9111 section 5.2.2.5).
        answer.writeStaticString("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n")
        add("Date", WireDate.http(ServerClock.now()))
        if !keepsAlive {
            answer.writeStaticString("Connection: close\r\n")
        } else if head.version == .http1_0 {
            answer.writeStaticString("Connection: keep-alive\r\n")
        }
        answer.writeStaticString("\r\n")
    }

    /// Logs a request. Paths may contain ids but no personal data. Queries may, so they are left out.
    private func log(_ head: HTTPRequestHead, _ response: RouteResponse) {
        guard service.logger.logLevel <= .debug else { return }
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

    /// How long a head may take from its first byte, and a body in addition to the time for its length.
    private static let patience = TimeAmount.seconds(20)
    /// The minimum speed of a body, in bytes per second.
    private static let leastSpeed = 4096

    /// Called after a read. Once a head has begun, it must be complete soon.
    private func noteProgress(_ context: ChannelHandlerContext) {
        guard case .idle = state, parser.isInsideRequest, !hasBegun else { return }
        hasBegun = true
        lease.begin()
        bringForward(.now() + Self.patience, context)
    }

    /// Sets the deadline of a body that must still arrive, by the minimum speed.
    private func limitTime(for bytes: Int, _ context: ChannelHandlerContext) {
        guard bytes > input.readableBytes else { return }
        lease.begin()
        deadline = .now() + min(timeout, Self.patience + .seconds(Int64(bytes / Self.leastSpeed)))
        startTimer(context)
    }

    private func bringForward(_ next: NIODeadline, _ context: ChannelHandlerContext) {
        guard next < deadline else { return }
        deadline = next
        startTimer(context)
    }

    /// Starts the connection's only timer. If it fires too early, it is set again.
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

extension ByteBuffer {
    /// The bytes in a range that counts from the reader index.
    fileprivate func slice(_ range: Range<Int>) -> ByteBuffer {
        getSlice(at: readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }
}
