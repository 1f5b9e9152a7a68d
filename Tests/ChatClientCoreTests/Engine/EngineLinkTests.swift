import ChatWire
import TestSupport
import Testing

@testable import ChatClientCore

/// Scripts: what happens to the link, and the stage that follows.
@Suite struct EngineLinkTests {
    private let start = MonotonicInstant(nanoseconds: 0)
    private var generator = SeededGenerator(seed: 1)

    /// A link that is up.
    private func up() -> EngineLink {
        var link = EngineLink()
        _ = link.want(true)
        link.hold(true)
        _ = link.openIfDue(at: start)
        _ = link.opened(1, token: "t", at: start)
        _ = link.accepted()
        _ = link.cameUp(at: start)
        return link
    }

    @Test func onlyAWantedLinkOfTheHolderIsOpenedAndOnce() {
        var link = EngineLink()
        #expect(link.openIfDue(at: start) == nil)
        #expect(link.want(true) == true)
        #expect(link.want(true) == false, "nothing changes")
        #expect(link.openIfDue(at: start) == nil, "another program holds the link")
        link.hold(true)
        #expect(link.openIfDue(at: start) == 1)
        #expect(link.stage == .opening(1))
        #expect(link.openIfDue(at: start) == nil)
    }

    @Test func theAccountIsCheckedBeforeTheLinkIsUp() {
        var link = EngineLink()
        _ = link.want(true)
        link.hold(true)
        _ = link.openIfDue(at: start)
        #expect(link.opened(2, token: "t", at: start) == [], "of an earlier link")
        #expect(link.cameUp(at: start) == false)
        _ = link.opened(1, token: "t", at: start)
        #expect(link.accepted() == true)
        #expect(link.isChecking && !link.isUp)
        #expect(link.emit(.joinConversation(bia), acknowledgedAs: nil) == [], "nothing is told yet")
        #expect(link.cameUp(at: start) == true)
        #expect(link.isUp)
    }

    @Test mutating func aLostLinkWaitsAndTheNextHasAnotherNumber() throws {
        var link = up()
        link.forgetConnection()
        link.wait(.silence, retryAfter: .seconds(3), at: start, using: &generator)
        #expect(link.stage == .waiting(until: start + .seconds(3)))
        #expect(link.deadline == start + .seconds(3))
        #expect(link.failure == .silence)
        #expect(link.receive(Array("2".utf8), on: 1, at: start) == nil, "the link is gone")
        #expect(link.openIfDue(at: start + .seconds(2)) == nil)
        #expect(link.openIfDue(at: start + .seconds(3)) == 2)
    }

    @Test mutating func aPersonDoesNotWait() {
        var link = up()
        link.displace(at: start, using: &generator)
        guard case .displaced = link.stage else {
            Issue.record("\(link.stage)")
            return
        }
        link.stopWaiting()
        #expect(link.openIfDue(at: start) == 2)
    }

    @Test func anEndedLinkIsNotOpenedAgainUnwanted() {
        var link = up()
        link.end(.notStarted)
        _ = link.want(false)
        #expect(link.openIfDue(at: start + .seconds(100)) == nil)
        #expect(link.deadline == nil || link.current == nil)
    }

    @Test func aRoomIsJoinedOnceOnEachLink() {
        var link = up()
        #expect(link.joins(bia) == true)
        #expect(link.joins(bia) == false)
        #expect(link.joins(caio) == true)
        link.forgetConnection()
        #expect(link.joins(bia) == true)
        link.end(.notStarted)
        #expect(link.joins(caio) == false, "the link is down")
    }

    @Test func theLastErrorEndsWithTheLink() {
        var link = up()
        link.setServerError("Erro no servidor")
        #expect(link.lastServerError == "Erro no servidor")
        link.forgetConnection()
        #expect(link.lastServerError == nil)
    }
}

/// Scripts: what becomes of the token.
@Suite struct SignInStateTests {
    @Test func aProgramSignsInAgainOnceUntilALinkHasComeUp() {
        var signIn = SignInState(token: "one")
        signIn.allowRenewal()
        #expect(signIn.tokenRefused() == true)
        #expect(!signIn.isSignedIn && signIn.renewal == .running)
        signIn.signedIn(with: "two")
        #expect(signIn.token == "two" && signIn.renewal == .tried)
        #expect(signIn.tokenRefused() == false, "the person is asked")
        signIn.signedIn(with: "three")
        signIn.linkCameUp()
        #expect(signIn.tokenRefused() == true, "what the program signed in with has worked since")
    }

    @Test func withoutAProgramThePersonIsAsked() {
        var signIn = SignInState(token: "one")
        #expect(signIn.tokenRefused() == false)
        #expect(signIn.renewal == .impossible)
    }

    @Test func eachTokenIsCheckedAnew() {
        var signIn = SignInState(token: "one")
        signIn.accountIsConfirmed()
        #expect(signIn.isAccountKnown)
        signIn.exchanged(for: "two")
        #expect(signIn.isAccountKnown, "the server exchanged the token of the same account")
        signIn.signedIn(with: "three")
        #expect(!signIn.isAccountKnown)
    }
}
