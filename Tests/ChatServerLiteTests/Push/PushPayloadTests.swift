import ChatWire
import Testing

@testable import ChatServerLite

/// The bytes of a push, which service workers in use read.
@Suite struct PushPayloadTests {
    private let ana = Person(id: UserID(7), name: "Ana \"A\" Lima")

    private func body(_ content: String) throws -> String? {
        try JSONValue(parsing: PushPayload.message(content, from: ana))["body"]?.stringValue
    }

    @Test func aMessageNamesItsSender() {
        #expect(
            String(decoding: PushPayload.message("Olá!\n2", from: ana), as: UTF8.self)
                == #"{"title":"💬 Ana \"A\" Lima","body":"Olá!\n2","icon":"/assets/icons/icon-192.png","#
                + #""badge":"/assets/icons/icon-192.png","#
                + #""data":{"type":"message","senderId":7,"senderName":"Ana \"A\" Lima"}}"#)
    }

    @Test func aTestSaysSo() {
        #expect(
            String(decoding: PushPayload.test(), as: UTF8.self)
                == #"{"title":"🔔 Notificação de Teste","body":"As notificações estão funcionando!","#
                + #""icon":"/assets/icons/icon-192.png","badge":"/assets/icons/icon-192.png","#
                + #""data":{"type":"test"}}"#)
    }

    /// At most 100 code points are sent, and three dots where something is missing.
    @Test func aLongMessageIsCut() throws {
        let hundred = String(repeating: "é", count: 100)
        #expect(try body(hundred) == hundred)
        #expect(try body(hundred + "x") == hundred + "...")
        // Code points count, as in the real server: a family of seven is cut in its midst.
        let families = String(repeating: "👨‍👩‍👧‍👦", count: 15)
        #expect(try body(families)?.unicodeScalars.count == 103)
        #expect(try body("") == "")
    }

    /// A push service takes at most 4,096 bytes, and encryption adds some hundred.
    @Test func noPayloadIsTooLong() {
        let longest = Person(id: UserID(.max), name: String(repeating: "😀", count: 100))
        #expect(PushPayload.message(String(repeating: "😀", count: 5000), from: longest).count < 3500)
    }
}
