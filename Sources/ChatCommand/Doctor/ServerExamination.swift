import ChatClientCore
import ChatNet
import ChatTUI
import ChatWire

/// Checks the way to the server, and the server itself, without an account.
struct ServerExamination {
    let context: CommandContext
    private let thread = IOThread()
    private let configuration: NetConfiguration

    init(context: CommandContext) {
        self.context = context
        configuration = context.netConfiguration
    }

    private var server: ServerURL { context.settings.server }
    private var strings: any CommandCatalogue { context.strings }

    /// With a larger difference the times of messages look wrong.
    private static let clockDifferenceMax = Duration.seconds(60)
    /// How long a realtime transport may take to open.
    private static let openingTimeout = Duration.seconds(10)

    func run() async -> [Finding] {
        let start = ContinuousClock.now
        let connection: Connection
        do throws(NetError) {
            connection = try await ConnectionOpener(configuration: configuration, thread: thread).open(
                to: server)
        } catch {
            return unreachable(error, after: ContinuousClock.now - start)
        }
        let findings = way(await connection.report)
        await connection.close()
        return findings + (await answers())
    }

    // MARK: The way

    private func way(_ report: ConnectionReport) -> [Finding] {
        var findings: [Finding] = []
        if let proxy = report.proxy {
            findings.append(Finding(examination: .dns, verdict: .skipped, detail: strings.proxyLooksUp))
            findings.append(ok(.tcp, strings.throughProxy(proxy), report.connecting))
        } else {
            let addresses = report.addresses.map(\.description).joined(separator: ", ")
            findings.append(ok(.dns, addresses, report.resolving))
            findings.append(ok(.tcp, strings.connected, report.connecting))
        }
        guard let securing = report.securing else {
            let detail = server.isLoopback ? strings.noTLSNeeded : strings.noTLS
            findings.append(
                Finding(
                    examination: .tls, verdict: server.isLoopback ? .skipped : .warning, detail: detail))
            return findings
        }
        var detail = report.protocolVersion ?? ""
        if let certificate = report.certificate {
            detail += ", \(strings.certificate(certificate))"
        }
        findings.append(ok(.tls, detail, securing))
        return findings
    }

    /// Assigns a connection error to its check.
    private func unreachable(_ error: NetError, after duration: Duration) -> [Finding] {
        let failed: Examination =
            switch error {
            case .hostNotFound, .resolverFailed, .timeout(phase: .resolve, _): .dns
            case .tls, .timeout(phase: .secure, _): .tls
            default: .tcp
            }
        let order: [Examination] = [.dns, .tcp, .tls, .http, .api, .clock, .websocket, .polling]
        return order.map { examination in
            if examination == failed { return self.failed(examination, error, duration) }
            let isBefore = (order.firstIndex(of: examination) ?? 0) < (order.firstIndex(of: failed) ?? 0)
            return Finding(
                examination: examination, verdict: isBefore ? .ok : .skipped,
                detail: isBefore ? "" : strings.notLookedAt)
        }
    }

    // MARK: What answers

    private func answers() async -> [Finding] {
        let http = HTTPClient(thread: thread, configuration: configuration)
        var findings: [Finding] = []
        do throws(NetError) {
            let health = try await timed { () async throws(NetError) in
                try await http.execute(request(API.health().path), at: server)
            }
            findings.append(self.health(health.value, health.duration))
            let root = try await timed { () async throws(NetError) in
                try await http.execute(request(API.serverInformation().path), at: server)
            }
            findings.append(information(root.value, root.duration))
            findings.append(clock(root.value))
        } catch {
            for examination in [Examination.http, .api, .clock].dropFirst(findings.count) {
                findings.append(
                    findings.contains { $0.verdict == .failed }
                        ? Finding(examination: examination, verdict: .skipped, detail: strings.notLookedAt)
                        : failed(examination, error, nil))
            }
        }
        findings += transports(await webSocket(), await polling(http))
        await http.closeIdleConnections()
        return findings
    }

    /// One transport is enough, unless only the other one is allowed.
    private func transports(_ webSocket: Finding, _ polling: Finding) -> [Finding] {
        var (webSocket, polling) = (webSocket, polling)
        switch (webSocket.verdict, polling.verdict, context.settings.transport) {
        case (.failed, .ok, .automatic), (.failed, .ok, .polling): webSocket.verdict = .warning
        case (.ok, .failed, .automatic), (.ok, .failed, .webSocket): polling.verdict = .warning
        default: break
        }
        return [webSocket, polling]
    }

    private func request(_ path: String) -> HTTPRequest {
        HTTPRequest(method: .get, target: server.target(for: path), headers: HTTPHeaders(), body: [])
    }

    private func health(_ response: HTTPResponse, _ duration: Duration) -> Finding {
        let detail = "HTTP \(response.status)"
        guard response.status >= 500 else { return ok(.http, detail, duration) }
        return failed(.http, ChatError.unavailable(status: response.status, retryAfter: nil), duration)
    }

    private func information(_ response: HTTPResponse, _ duration: Duration) -> Finding {
        let information: ServerInformation
        do throws(APIError) {
            information = try API.serverInformation()
                .response(status: response.status, body: response.body)
        } catch {
            return failed(.api, ChatError.unexpectedAnswer("HTTP \(response.status)"), duration)
        }
        let extensions = information.capabilities.map(\.rawValue).sorted().joined(separator: ", ")
        let name = Sanitizer.line("\(information.name) \(information.version)")
        let known = extensions.isEmpty ? strings.none : extensions
        return ok(.api, "\(name); \(strings.extensionsWord): \(known)", duration)
    }

    private func clock(_ response: HTTPResponse) -> Finding {
        guard let text = response.headers["Date"], let theirs = WireDate.parse(text) else {
            return Finding(examination: .clock, verdict: .skipped, detail: strings.noDate)
        }
        let difference = Duration.microseconds(theirs.microseconds - Timestamp.now.microseconds)
        let isFar = difference > Self.clockDifferenceMax || difference < .zero - Self.clockDifferenceMax
        return Finding(
            examination: .clock, verdict: isFar ? .warning : .ok,
            detail: strings.clockDifference(seconds: difference.components.seconds))
    }

    // MARK: Transports

    private func webSocket() async -> Finding {
        do throws(NetError) {
            let opening = try await timed { () async throws(NetError) in
                let socket = try await WebSocketClient.connect(
                    to: server, path: server.webSocketTarget(), configuration: configuration,
                    thread: thread)
                let timer = thread.schedule(after: Self.openingTimeout) {
                    Task { await socket.close() }
                }
                let event = await socket.nextEvent()
                timer.cancel()
                await socket.close()
                return event
            }
            // Nothing arrived, not even an end: silence is not a wrong answer.
            guard opening.duration < Self.openingTimeout else {
                return failed(.websocket, ChatError.timeout, opening.duration)
            }
            guard case .text(let text) = opening.value,
                case .open(let handshake)? = try? EnginePacket(text: text[...])
            else { return failed(.websocket, ChatError.unexpectedAnswer("Engine.IO"), opening.duration) }
            return ok(
                .websocket, strings.heartbeat(handshake.pingInterval.components.seconds), opening.duration)
        } catch {
            return failed(.websocket, error, nil)
        }
    }

    private func polling(_ http: HTTPClient) async -> Finding {
        do throws(NetError) {
            let poll = HTTPRequest(
                method: .get, target: server.pollingTarget(), headers: HTTPHeaders(), body: [])
            let opening = try await timed { () async throws(NetError) in
                try await http.execute(poll, at: server)
            }
            guard opening.value.status == 200,
                case .open(let handshake)? = try? PollingPayload.decode(
                    opening.value.body[...], bytesMax: 65_536
                ).first
            else {
                return failed(
                    .polling, ChatError.unexpectedAnswer("HTTP \(opening.value.status)"), opening.duration)
            }
            let goodbye = HTTPRequest(
                method: .post, target: server.pollingTarget(sid: handshake.sid), headers: HTTPHeaders(),
                body: PollingPayload.encode([EnginePacket.close.frame]))
            _ = try? await http.execute(goodbye, at: server)
            return ok(.polling, handshake.upgrades.joined(separator: ", "), opening.duration)
        } catch {
            return failed(.polling, error, nil)
        }
    }

    // MARK: Findings

    private func ok(_ examination: Examination, _ detail: String, _ duration: Duration) -> Finding {
        Finding(examination: examination, verdict: .ok, detail: detail, duration: duration)
    }

    private func failed(_ examination: Examination, _ error: NetError, _ duration: Duration?) -> Finding {
        failed(examination, ChatError.network(error), duration)
    }

    private func failed(_ examination: Examination, _ error: ChatError, _ duration: Duration?) -> Finding {
        let failure = strings.failure(error)
        return Finding(
            examination: examination, verdict: .failed, detail: failure.message, duration: duration,
            failure: failure)
    }

    private func timed<Value>(
        _ body: () async throws(NetError) -> Value
    ) async throws(NetError) -> (value: Value, duration: Duration) {
        let start = ContinuousClock.now
        let value = try await body()
        return (value, ContinuousClock.now - start)
    }
}
