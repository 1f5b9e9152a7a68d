import ChatWire
import Glibc

/// One decoder and the checks that must hold for any bytes.
struct FuzzTarget: Sendable {
    let name: String
    /// Ends the process when a check fails.
    let check: @Sendable (_ input: [UInt8]) -> Void

    static let all: [FuzzTarget] = [
        FuzzTarget(name: "websocket-server") { checkWebSocket($0, role: .server) },
        FuzzTarget(name: "websocket-client") { checkWebSocket($0, role: .client) },
        FuzzTarget(name: "websocket-handshake", check: checkWebSocketHandshake),
        FuzzTarget(name: "http-response", check: checkHTTPResponse),
        FuzzTarget(name: "http-request", check: checkHTTPRequests),
        FuzzTarget(name: "engine-packet", check: checkEnginePacket),
        FuzzTarget(name: "engine-session", check: checkEngineSession),
        FuzzTarget(name: "engine-transport", check: checkEngineTransport),
        FuzzTarget(name: "polling-payload", check: checkPollingPayload),
        FuzzTarget(name: "socket-packet", check: checkSocketPacket),
        FuzzTarget(name: "socket-session", check: checkSocketSession),
        FuzzTarget(name: "json", check: checkJSON),
        FuzzTarget(name: "server-event", check: checkServerEvent),
        FuzzTarget(name: "client-event", check: checkClientEvent),
        FuzzTarget(name: "api-answer", check: checkAPIAnswers),
        FuzzTarget(name: "wire-date", check: checkWireDate),
        FuzzTarget(name: "server-url", check: checkServerURL),
        FuzzTarget(name: "proxy-answer", check: checkProxyAnswer),
        FuzzTarget(name: "proxy-address", check: checkProxyAddress),
        FuzzTarget(name: "push-request", check: checkPushRequest),
        FuzzTarget(name: "configuration", check: checkConfiguration),
        FuzzTarget(name: "environment-file", check: checkEnvironmentFile),
        FuzzTarget(name: "terminal-keys", check: checkKeys),
        FuzzTarget(name: "terminal-text", check: checkTerminalText),
    ]

    /// The target in FUZZ_TARGET.
    static let chosen: FuzzTarget = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = all.first(where: { $0.name == name }) else {
            print("FUZZ_TARGET is one of:", all.map(\.name).joined(separator: " "))
            exit(2)
        }
        return target
    }()
}

/// libFuzzer calls this with every input that it generates.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// Ends the process unless `condition` holds; libFuzzer reports that as a finding.
func require(
    _ condition: Bool, _ promise: @autoclosure () -> String, line: Int = #line, file: String = #fileID
) {
    guard !condition else { return }
    fatalError("\(file):\(line): does not hold: \(promise())")
}

/// Ends the process unless both are equal.
func requireEqual<Value: Equatable>(
    _ one: Value, _ other: Value, _ promise: String, line: Int = #line, file: String = #fileID
) {
    require(one == other, "\(promise)\n  \(one)\n  \(other)", line: line, file: file)
}
