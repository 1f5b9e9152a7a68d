import ChatCrypto
import ChatNet
import ChatWire
import TestSupport
import Testing

extension NetConfiguration {
    /// Deadlines that no test reaches, however slow the machine is.
    static func patient(trust: TrustPolicy = TrustPolicy(usesSystemAuthorities: false)) -> NetConfiguration {
        let long = Duration.seconds(3600)
        return NetConfiguration(
            trust: trust,
            timeouts: NetTimeouts(
                resolve: long, connect: long, secure: long, send: long, responseHead: long,
                responseBody: long,
                webSocketHandshake: long, webSocketClose: long, keepAlive: long))
    }
}

/// Expects the call to throw exactly this error.
func expectError<Value>(
    _ expected: NetError, sourceLocation: SourceLocation = #_sourceLocation,
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws(NetError) -> Value
) async {
    do {
        _ = try await body()
        Issue.record("no error, but expected: \(expected)", sourceLocation: sourceLocation)
    } catch {
        #expect(error == expected, sourceLocation: sourceLocation)
    }
}

/// Reads until the peer ends.
func readToEnd(_ connection: Connection) async throws(NetError) -> [UInt8] {
    var bytes: [UInt8] = []
    while let more = try await connection.read() { bytes += more }
    return bytes
}

/// Bytes without repetition in any neighbourhood, so that lost or duplicated ones are noticed.
func pattern(_ count: Int) -> [UInt8] {
    var generator = SeededGenerator(seed: UInt64(count))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
        withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) }
    }
    return Array(bytes.prefix(count))
}
