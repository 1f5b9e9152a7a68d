import ChatWire
import Testing

@testable import ChatClientCore

/// Scripts with recorded frames.
@Suite struct RealtimeSessionTests {
    private let start = MonotonicInstant(nanoseconds: 0)

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func begun() -> RealtimeSession {
        var session = RealtimeSession(token: "tok", at: start)
        #expect(session.start() == [])
        #expect(session.receive(ModelServer.opening, at: start) == [.send(bytes(#"40{"token":"tok"}"#))])
        return session
    }

    private func connected() -> RealtimeSession {
        var session = begun()
        #expect(session.receive(bytes(#"40{"sid":"jamiQpW3ACuV0oMNAAAD"}"#), at: start) == [.connected])
        return session
    }

    @Test func pingsAreAnsweredAndSilenceEndsTheLink() {
        var session = connected()
        #expect(session.receive(bytes("2"), at: start + .seconds(25)) == [.send(bytes("3"))])
        #expect(session.deadline == start + .seconds(110))
        #expect(session.tick(at: start + .seconds(109)) == [])
        #expect(session.tick(at: start + .seconds(110)) == [.failed(.silence)])
        #expect(session.tick(at: start + .seconds(500)) == [])
        #expect(session.deadline == nil)
    }

    @Test(arguments: [
        (["41", #"44{"message":"Connection rejected by server"}"#], "Connection rejected by server"),
        ([#"44{"message":"Connection rejected by server"}"#], "Connection rejected by server"),
        ([#"44"Unable to connect""#], "Unable to connect"),
    ])
    func everyFormOfRefusalIsRead(_ frames: [String], _ reason: String) {
        var session = begun()
        let actions = frames.flatMap { session.receive(bytes($0), at: start) }
        #expect(actions == [.refused(reason)])
        #expect(session.receive(bytes("42[\"error\",{\"message\":\"x\"}]"), at: start) == [])
    }

    @Test func noAnswerAtAllIsNotWaitedForForEver() {
        var session = begun()
        #expect(session.deadline == start + .seconds(15))
        #expect(session.tick(at: start + .seconds(15)) == [.failed(.handshakeTimeout)])
        var silent = RealtimeSession(token: "tok", at: start)
        _ = silent.start()
        #expect(silent.tick(at: start + .seconds(15)) == [.failed(.handshakeTimeout)])
    }

    @Test func eventsAndAcknowledgementsComeThrough() {
        var session = connected()
        let (id, actions) = session.emit(.messageRead(from: UserID(16)), acknowledged: true)
        #expect(id == 0)
        #expect(actions == [.send(bytes(#"420["message_read",{"sender_id":16}]"#))])
        #expect(session.receive(bytes("430[]"), at: start) == [.acknowledged(0, .handled)])
        #expect(
            session.receive(bytes(#"42["user_offline",{"user_id":15}]"#), at: start)
                == [.event(.userOffline(UserID(15)))])
    }

    @Test func whatIsNoEventOfThisAPIIsPassedOver() {
        var session = connected()
        for frame in [
            #"42["new_message",{"id":"x"}]"#, "42[]", "42{}", "4", "", "9zz", "42[\"x\"", "43abc[]",
        ] {
            let actions = session.receive(bytes(frame), at: start)
            #expect(actions == [], "\(frame)")
        }
        #expect(session.receive(bytes("2"), at: start) == [.send(bytes("3"))])
    }

    @Test func nothingIsSentBeforeTheServerHasAcceptedNorAfterTheEnd() {
        var session = begun()
        #expect(session.emit(.typingStart(bia), acknowledged: false).actions == [])
        #expect(session.emit(.typingStart(bia), acknowledged: true).id == nil)
        var ended = connected()
        #expect(ended.receive(bytes("1"), at: start) == [.failed(.closed(code: nil))])
        #expect(ended.emit(.typingStart(bia), acknowledged: false).actions == [])
    }

    @Test func aServerThatThrowsUsOutEndsTheLink() {
        var session = connected()
        #expect(session.receive(bytes("41"), at: start) == [.failed(.closed(code: nil))])
    }

    @Test func closingSaysGoodbyeOnce() {
        var session = connected()
        #expect(session.close() == [.send(bytes("41")), .send(bytes("1"))])
        #expect(session.close() == [])
        #expect(session.receive(bytes("2"), at: start) == [])
    }
}
