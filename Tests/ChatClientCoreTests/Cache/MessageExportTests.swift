import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct MessageExportTests {
    private let received = TimelineRow(
        id: RowID(1), position: TimelinePosition(sent: MessageID(7)), messageID: MessageID(7), tempID: nil,
        senderID: bia, isMine: false, content: "Olá *Ana*\n\"tudo\" bem?",
        time: Timestamp(seconds: 1_700_000_000),
        state: .received)
    private let queued = TimelineRow(
        id: RowID(2), position: TimelinePosition(unsent: 0), messageID: nil, tempID: TempID("t1"),
        senderID: ana,
        isMine: true, content: "sim", time: Timestamp(microseconds: 1_700_000_060_000_001), state: .queued)

    private func written(_ format: ExportFormat) -> String {
        let export = MessageExport(
            format: format, style: ExportStyle(ownName: "Ana", clean: { $0.filter { $0 != "\"" } }))
        let bytes =
            export.heading("Bia\nSouza") + export.message(received, of: bia, "Bia\nSouza")
            + export.message(queued, of: bia, "Bia\nSouza") + export.ending
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func jsonLinesHoldEverythingAsItCame() throws {
        let lines = written(.jsonLines).split(separator: "\n")
        #expect(
            try lines.map { try JSONValue(parsing: Array($0.utf8)) } == [
                [
                    "conversation_id": 2, "conversation_name": "Bia\nSouza", "message_id": 7, "temp_id": nil,
                    "sender_id": 2, "sender_name": "Bia\nSouza", "mine": false,
                    "time": "2023-11-14T22:13:20Z", "state": "received",
                    "text": "Olá *Ana*\n\"tudo\" bem?",
                ],
                [
                    "conversation_id": 2, "conversation_name": "Bia\nSouza", "message_id": nil,
                    "temp_id": "t1",
                    "sender_id": 1, "sender_name": "Ana", "mine": true, "time": "2023-11-14T22:14:20.000001Z",
                    "state": "queued", "text": "sim",
                ],
            ])
    }

    @Test func textIsForPeople() {
        #expect(
            written(.text) == """
                == Bia Souza ==
                2023-11-14T22:13:20Z Bia Souza: Olá *Ana*
                    tudo bem?
                2023-11-14T22:14:20.000001Z Ana: sim [queued]


                """)
    }

    @Test func markdownShowsWhatWasWritten() {
        #expect(
            written(.markdown) == """
                # Bia Souza

                **Bia Souza** 2023-11-14T22:13:20Z

                > Olá \\*Ana\\*\u{20}\u{20}
                > tudo bem?

                **Ana** 2023-11-14T22:14:20.000001Z [queued]

                > sim


                """)
    }
}
