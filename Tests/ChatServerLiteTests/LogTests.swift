import ChatWire
import Logging
import Testing

@testable import ChatServerLite

@Suite struct LogTests {
    @Test func aLineIsOneLine() {
        let line = StandardErrorLog.line(
            at: Timestamp(microseconds: 1_795_333_739_000_001), .info, "closed\n2026 forged",
            ["socket": "7\u{1B}[31m\u{202E}", "b": "1"])
        #expect(line == "2026-11-22T07:48:59.000001Z info closed?2026 forged b=1 socket=7?[31m?\n")
    }
}
