import ChatWire
import Testing

/// The content of a push, which the server writes and the client reads.
@Suite struct PushNotificationTests {
    private static let message = PushNotification(
        title: "💬 Ana", body: "Olá!", icon: "/icon.png", badge: "/badge.png",
        details: PushNotification.Details(
            kind: PushNotification.Details.messageKind, senderID: UserID(7), senderName: "Ana"))

    /// The bytes are those that web clients get, in their order.
    @Test(arguments: [
        (
            message,
            #"{"title":"💬 Ana","body":"Olá!","icon":"/icon.png","badge":"/badge.png","#
                + #""data":{"type":"message","senderId":7,"senderName":"Ana"}}"#
        ),
        (
            PushNotification(
                title: "T", body: "",
                details: PushNotification.Details(kind: PushNotification.Details.testKind)),
            #"{"title":"T","body":"","icon":"","badge":"","data":{"type":"test"}}"#
        ),
    ])
    func itIsWrittenAndReadAlike(push: PushNotification, text: String) throws {
        let bytes = push.json.serialized()
        #expect(String(decoding: bytes, as: UTF8.self) == text)
        #expect(PushNotification(lenient: try JSONValue(parsing: bytes)) == push)
    }

    /// Only the title is required. Anything else of another type counts as missing.
    @Test(arguments: [
        #"{"title":"T"}"#, #"{"title":"T","body":null,"data":7}"#,
        #"{"title":"T","body":1,"icon":[],"badge":{},"data":{"type":2,"senderId":"x","senderName":3}}"#,
    ])
    func missingMembersAreEmpty(text: String) throws {
        let push = PushNotification(lenient: try JSONValue(parsing: Array(text.utf8)))
        #expect(push == PushNotification(title: "T", body: "", details: PushNotification.Details(kind: "")))
    }

    @Test(arguments: ["{}", "[]", "7", #"{"title":null}"#, #"{"title":7}"#, #"{"body":"T"}"#])
    func withoutATitleItIsNone(text: String) throws {
        #expect(PushNotification(lenient: try JSONValue(parsing: Array(text.utf8))) == nil)
    }

    /// The text of a refusal leads back to it.
    @Test(arguments: Refusal.allCases)
    func aRefusalIsFoundByItsText(refusal: Refusal) {
        #expect(Refusal(message: refusal.message)?.message == refusal.message)
        #expect(RequestProblem(rawValue: refusal.message) == nil)
    }
}
