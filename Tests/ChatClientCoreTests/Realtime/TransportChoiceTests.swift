import ChatCrypto
import ChatNet
import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct TransportChoiceTests {
    private static let signs: [LinkFailure] = [
        .network(.webSocketRefused(status: 403, endpoint: "a:1")),
        .network(.webSocketRefused(status: 400, endpoint: "a:1")),
        .network(.webSocketHandshake(.refused(status: 200), endpoint: "a:1")),
        .network(.closed(endpoint: "a:1")),
        .network(.timeout(phase: .webSocketHandshake, endpoint: "a:1")),
        .closed(code: 1006), .closed(code: nil), .handshakeTimeout, .protocolViolation("no packet"),
    ]

    @Test(arguments: signs) func whatAFilterDoesLeadsToPollingAtOnce(_ failure: LinkFailure) {
        var choice = TransportChoice()
        #expect(choice.first == .webSocket)
        #expect(choice.didNotOpen(over: .webSocket, failure) == .polling)
        #expect(choice.first == .webSocket, "not before polling has worked")
        choice.worked(over: .polling)
        #expect(choice.first == .polling, "the next attempt begins with what worked")
    }

    @Test(arguments: [
        LinkFailure.network(.hostNotFound(host: "a")), .network(.refused(endpoint: "a:1")),
        .network(.unreachable(endpoint: "a:1", reason: "no route")),
        .network(.timeout(phase: .connect, endpoint: "a:1")),
        .network(.tls(.certificateExpired(notAfter: "2020"), endpoint: "a:1")),
        .network(.cancelled), .notStarted,
    ])
    func whereNobodyIsReachedOrTrustedNothingElseIsTried(_ failure: LinkFailure) {
        var choice = TransportChoice()
        #expect(choice.didNotOpen(over: .webSocket, failure) == nil)
        choice.endedEarly(over: .webSocket, failure)
        #expect(choice.first == .webSocket)
        choice.worked(over: .polling)
        #expect(choice.didNotOpen(over: .polling, failure) == nil)
        #expect(choice.first == .polling, "it says nothing about polling")
    }

    @Test(arguments: signs) func whenPollingIsRefusedTooTheNextAttemptBeginsAfresh(_ failure: LinkFailure) {
        var choice = TransportChoice()
        choice.worked(over: .polling)
        #expect(choice.didNotOpen(over: .polling, failure) == nil)
        #expect(choice.first == .webSocket)
    }

    @Test func aSessionThatEndsBeforeTheTokenIsAnsweredChangesTheNextAttempt() {
        var choice = TransportChoice()
        choice.endedEarly(over: .webSocket, .closed(code: 1006))
        #expect(choice.first == .polling)
        choice.endedEarly(over: .polling, .handshakeTimeout)
        #expect(choice.first == .webSocket)
    }

    @Test func whatWorkedIsRememberedForADay() {
        let now = Timestamp(seconds: 1_000_000)
        var choice = TransportChoice()
        #expect(choice.memory(at: now) == nil)
        choice.worked(over: .polling)
        let memory = choice.memory(at: now)
        #expect(TransportChoice(remembered: memory, at: now).first == .polling)
        #expect(TransportChoice(remembered: memory, at: Timestamp(seconds: 1_086_399)).first == .polling)
        #expect(TransportChoice(remembered: memory, at: Timestamp(seconds: 1_086_400)).first == .webSocket)
        #expect(TransportChoice(remembered: memory, at: Timestamp(seconds: 0)).first == .webSocket)
        #expect(TransportChoice(.webSocket, remembered: memory, at: now).first == .webSocket)
        for text in ["", "polling", "polling x", "polling -9223372036854775808", "carrier-pigeon 1000000"] {
            #expect(TransportChoice(remembered: text, at: now).first == .webSocket, "\(text)")
        }
    }

    @Test func silenceLeadsToPolling() {
        var choice = TransportChoice()
        #expect(choice.beside(.webSocket) == .polling && choice.beside(.polling) == nil)
        #expect(TransportChoice(.webSocket).beside(.webSocket) == nil)
        choice.fellSilent(over: .webSocket, isUnproven: false)
        #expect(choice.first == .polling)
        choice.fellSilent(over: .polling, isUnproven: false)
        #expect(choice.first == .polling)
        choice.fellSilent(over: .polling, isUnproven: true)
        #expect(choice.first == .pollingOnly)
        choice.fellSilent(over: .pollingOnly, isUnproven: false)
        #expect(choice.first == .webSocket)
    }

    @Test func upgradesThatAreCutTwiceInARowAreNotTriedAgain() {
        var choice = TransportChoice()
        choice.worked(over: .polling)
        choice.upgradeWasCut(.closed(code: nil))
        #expect(choice.first == .polling, "once may be chance")
        choice.upgradeWorked()
        choice.upgradeWasCut(.silence)
        #expect(choice.first == .polling)
        choice.upgradeWasCut(.network(.hostNotFound(host: "a")))
        #expect(choice.first == .polling, "that is no filter")
        choice.upgradeWasCut(.network(.closed(endpoint: "a:1")))
        #expect(choice.first == .pollingOnly)
        choice.worked(over: .pollingOnly)
        #expect(choice.first == .pollingOnly)
        #expect(choice.didNotOpen(over: .pollingOnly, .closed(code: nil)) == nil)
        #expect(choice.first == .webSocket, "what does not open any more is no choice")
    }

    @Test(arguments: [
        (TransportPreference.webSocket, LinkTransportKind.webSocket), (.polling, .pollingOnly),
        (.upgrade, .polling),
    ])
    func whatThePersonWantsIsTriedAndNothingElse(_ wish: TransportPreference, _ kind: LinkTransportKind) {
        var choice = TransportChoice(wish)
        for failure in Self.signs {
            #expect(choice.first == kind)
            #expect(choice.didNotOpen(over: kind, failure) == nil)
            choice.endedEarly(over: kind, failure)
        }
        choice.worked(over: kind)
        #expect(choice.first == kind)
    }

    @Test func theFateOfALinkTellsWhichTransportWorks() {
        var choice = TransportChoice()
        let up = EngineLink.Stage.up(1)
        let waiting = EngineLink.Stage.waiting(until: MonotonicInstant(nanoseconds: 0))
        func judge(
            _ kind: LinkTransportKind, _ isAnswered: Bool, _ upgrade: LinkTransport.Upgrade,
            _ stage: EngineLink.Stage, _ failure: LinkFailure = .closed(code: nil)
        ) -> Bool {
            choice.judge(over: kind, isAnswered: isAnswered, upgrade: upgrade, stage: stage, failure: failure)
        }
        #expect(!judge(.webSocket, false, .none, .opening(1)), "nothing is known yet")
        #expect(!judge(.webSocket, false, .none, waiting), "it ended before the token was answered")
        #expect(choice.first == .polling)
        #expect(judge(.webSocket, false, .none, up))
        #expect(choice.first == .webSocket)
        #expect(judge(.webSocket, true, .none, waiting, .silence), "it had been answered")
        #expect(choice.first == .polling)
        for _ in 0..<2 { #expect(judge(.polling, true, .unproven, waiting)) }
        #expect(choice.first == .pollingOnly, "two upgrades were cut")
    }
}
