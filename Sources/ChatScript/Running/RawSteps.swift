import ChatNet
import ChatWire

/// Websockets on which the runner sends nothing by itself.
struct RawSteps {
    let context: ScenarioContext
    private var sockets: SocketSteps { SocketSteps(context: context) }

    func open(
        _ path: Expression?, _ refusal: Pattern?, _ person: Person, _ device: Device, _ subject: Subject
    ) async throws(StepFailure) {
        await closeNow(device)
        let target = try path.map { (path) throws(StepFailure) in try context.text(of: path) }
        let socket: WebSocketClient
        do throws(NetError) {
            socket = try await WebSocketClient.connect(
                to: context.settings.server,
                path: target.map(context.settings.server.target(for:))
                    ?? context.settings.server.webSocketTarget(),
                configuration: person.net, thread: context.thread)
        } catch {
            guard case .webSocketRefused(let status, _) = error else {
                throw StepFailure(expected: "a websocket", came: error.description, kind: .network)
            }
            return try judgeRefusal(status, refusal)
        }
        guard refusal == nil else {
            await socket.close()
            throw StepFailure(expected: "to be refused", came: "the websocket was opened")
        }
        device.raw = socket
        device.inbox = Inbox()
        device.rawTask = Task { [weak runner = context.runner] in
            while let event = await socket.nextEvent() {
                guard let runner, await runner.received(event, on: socket, of: subject) else { return }
            }
            await runner?.ended(socket, of: subject)
        }
    }

    private func judgeRefusal(_ status: Int, _ refusal: Pattern?) throws(StepFailure) {
        guard let refusal else {
            throw StepFailure(expected: "a websocket", came: "refused with status \(status)")
        }
        var matcher = Matcher(context.scope)
        if let mismatch = matcher.mismatch(.integer(Int64(status)), refusal) { throw StepFailure(mismatch) }
    }

    /// Puts what has come over a websocket into the inbox of its device.
    ///
    /// - Returns: false when the device has another websocket by now.
    func receive(_ event: WebSocketEvent, on socket: WebSocketClient, of subject: Subject) -> Bool {
        guard let device = context.device(subject), device.raw === socket else { return false }
        let item = Self.item(event)
        context.note(subject.description, .into, item.name, Scope.plain(item.payload))
        device.inbox.append(item)
        context.poke()
        return true
    }

    func end(_ socket: WebSocketClient, of subject: Subject) {
        if let device = context.device(subject), device.raw === socket { device.rawTask = nil }
        context.poke()
    }

    private static func item(_ event: WebSocketEvent) -> Inbox.Item {
        switch event {
        case .text(let bytes): .init(name: "frame", payload: .string(String(decoding: bytes, as: UTF8.self)))
        case .binary(let bytes): .init(name: "binary", payload: .string(Hexadecimal.encode(bytes)))
        case .ping(let bytes): .init(name: "ping", payload: .string(String(decoding: bytes, as: UTF8.self)))
        case .pong(let bytes): .init(name: "pong", payload: .string(String(decoding: bytes, as: UTF8.self)))
        case .close(let code, _):
            .init(name: "close", payload: code.map { .integer(Int64($0.rawValue)) } ?? .null)
        case .failure(let error): .init(name: "close", payload: .string("\(error)"))
        }
    }

    private func raw(_ device: Device, _ subject: Subject) throws(StepFailure) -> WebSocketClient {
        guard let socket = device.raw else {
            throw StepFailure(expected: "an open websocket of \(subject)", came: "none", kind: .script)
        }
        return socket
    }

    func sendFrame(_ expression: Expression, _ device: Device, _ subject: Subject) async throws(StepFailure) {
        let text = try context.text(of: expression)
        if device.raw == nil {
            return sockets.send(text, over: try sockets.usableSocket(device, subject), subject)
        }
        context.note(subject.description, .out, "frame", text)
        let socket = try raw(device, subject)
        try await sending { () throws(NetError) in try await socket.send(text: Array(text.utf8)) }
    }

    func sendBinary(_ expression: Expression, _ device: Device, _ subject: Subject) async throws(StepFailure)
    {
        let text = try context.text(of: expression)
        guard let bytes = Hexadecimal.decode(text) else {
            throw StepFailure(expected: "hexadecimal digits", came: text, kind: .script)
        }
        let socket = try raw(device, subject)
        context.note(subject.description, .out, "binary", text)
        try await sending { () throws(NetError) in try await socket.send(binary: bytes) }
    }

    func ping(_ expression: Expression?, _ device: Device, _ subject: Subject) async throws(StepFailure) {
        var text = ""
        if let expression { text = try context.text(of: expression) }
        let socket = try raw(device, subject)
        context.note(subject.description, .out, "ping", text)
        try await sending { () throws(NetError) in try await socket.ping(Array(text.utf8)) }
    }

    func close(_ expression: Expression?, _ device: Device, _ subject: Subject) async throws(StepFailure) {
        guard device.raw != nil else { return try await sockets.disconnect(device, subject) }
        let socket = try raw(device, subject)
        var code = WebSocketCloseCode.normal
        if let expression {
            guard let number = try context.value(of: expression).integerValue.flatMap({ UInt16(exactly: $0) })
            else {
                throw StepFailure(expected: "the code of a close frame", came: "another", kind: .script)
            }
            code = WebSocketCloseCode(rawValue: number)
        }
        context.note(subject.description, .out, "close", "\(code.rawValue)")
        await socket.close(code: code)
    }

    private func sending(_ body: () async throws(NetError) -> Void) async throws(StepFailure) {
        do throws(NetError) {
            try await body()
        } catch {
            throw StepFailure(expected: "to send", came: error.description)
        }
    }

    /// The server answers a websocket ping after everything that it sent before. Handlers that were still busy then
    /// get a moment more.
    func settle(_ device: Device, _ subject: Subject) async throws(StepFailure) {
        let mark = Scope.randomWord()
        try await ping(.literal(.string(mark)), device, subject)
        let pong = Inbox.Item(name: "pong", payload: .string(mark))
        _ = try await context.waitUntil(context.thread.now + context.stepTimeout) {
            () throws(StepFailure) -> Bool? in
            device.inbox.unread.contains(pong) || device.rawTask == nil ? true : nil
        }
        device.inbox.remove { $0 == pong }
        try await context.pause(.milliseconds(200))
    }

    func closeNow(_ device: Device) async {
        guard let socket = device.raw else { return }
        device.raw = nil
        device.rawTask?.cancel()
        device.rawTask = nil
        await socket.close()
    }
}

/// Bytes as pairs of digits.
enum Hexadecimal {
    static func encode(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func decode(_ text: String) -> [UInt8]? {
        let digits = text.filter { $0 != " " }.map(\.hexDigitValue)
        guard digits.count % 2 == 0, digits.allSatisfy({ $0 != nil }) else { return nil }
        let values = digits.compactMap(\.self)
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: values.count, by: 2) {
            bytes.append(UInt8(values[index] << 4 | values[index + 1]))
        }
        return bytes
    }
}
