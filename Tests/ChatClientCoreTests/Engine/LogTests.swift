import ChatWire
import Logging
import Synchronization
import TestSupport
import Testing

@testable import ChatClientCore

@Suite struct LogTests {
    /// Sends, receives, refusals and errors, with everything logged that can be.
    @Test func noTextNameOrTokenIsLogged() throws {
        let kept = KeptLines()
        let engine = try ChatEngine(
            store: ChatStore(inMemoryFor: ana), token: "geheim-token", heldAfter: .seconds(86_400),
            logger: Logger(label: "test") { _ in KeepingLogHandler(kept: kept) },
            generator: SeededGenerator(seed: 1))
        let now = Moment.at(0)
        engine.setWantsLink(true, at: now)
        engine.setHolder(true, at: now)
        engine.linkOpened(1, at: now)
        engine.linkReceived([ModelServer.opening, Array(#"40{"sid":"c"}"#.utf8)], on: 1, at: now)
        let asked = engine.core.context.requests.running[1]?.asked
        engine.receive(.success(.ana), to: try #require(asked as? Asked<AccountQuestion>), at: now)
        let tempID = try engine.send("geheim-text", to: bia, at: now)
        var message = Message.sample(4, "geheim-resposta")
        message.senderName = "geheim-nome"
        let texts = [
            ServerEvent.newMessage(message), .messageError(tempID: tempID, reason: "geheim-motivo"),
            .error("geheim-erro"), .unknown(name: "geheim-evento"),
        ].map { $0.packet().bytes }
        engine.linkReceived(texts, on: 1, at: now)
        engine.linkEnded(1, .closed(code: nil), at: now)
        #expect(!kept.lines.isEmpty)
        #expect(kept.lines.filter { $0.contains("geheim") } == [])
    }
}

private final class KeptLines: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func keep(_ line: String) { kept.withLock { $0.append(line) } }
}

private struct KeepingLogHandler: LogHandler {
    let kept: KeptLines
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        kept.keep("\(event.message) \(event.metadata ?? [:])")
    }
}
