import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// The bell and notifications: for somebody who looks elsewhere, once per conversation until it was read.
struct AlertsTests {
    private static let received = AppEvent.change(
        .notice(
            .received(
                from: Person(id: Fixtures.caio, name: "Caio Rocha", email: nil), row: RowID(90),
                content: "onde você está?", isOpen: false)))

    private func away(_ way: Alerts.Way = .terminal(.osc777)) -> AppState {
        var state = Fixtures.chat()
        state.context.attention.alerts.way = way
        _ = state.update(.input(.focus(false)))
        return state
    }

    private func list(caioUnread: Int) -> AppEvent {
        .conversationsLoaded(
            Fixtures.conversations.map { conversation in
                conversation.peer == Fixtures.caio
                    ? Conversation(peer: Fixtures.caio, name: "Caio Rocha", unread: caioUnread) : conversation
            })
    }

    @Test func onceUntilItIsRead() {
        var state = away()
        let calls: [Effect] = [
            .tell(.bell), .tell(.notification(.osc777, title: "Caio Rocha", body: "onde você está?")),
        ]
        #expect(state.update(Self.received) == calls)
        // A list from before the message does not count as read.
        _ = state.update(list(caioUnread: 0))
        #expect(state.update(Self.received) == [])
        _ = state.update(list(caioUnread: 2))
        #expect(state.update(Self.received) == [])
        // Read on the phone.
        _ = state.update(list(caioUnread: 0))
        #expect(state.update(Self.received) == calls)
        // Read here.
        _ = state.update(list(caioUnread: 1))
        _ = state.update(.input(.focus(true)))
        state.press("alt-2")
        _ = state.update(
            .timelineLoaded(
                Timeline(
                    peer: Fixtures.caio,
                    rows: [Fixtures.row(91, from: Fixtures.caio, "oi", at: Fixtures.at(14, 6))],
                    hasOlder: false,
                    unread: 1, firstUnread: RowID(91)), draft: nil))
        _ = state.update(.input(.focus(false)))
        #expect(state.update(Self.received) == calls)
    }

    @Test func nobodyIsCalledWhoLooks() {
        var state = away()
        _ = state.update(.input(.focus(true)))
        #expect(state.update(Self.received) == [])
    }

    /// A terminal that never tells where the keyboard is counts as left alone after a minute.
    @Test func withoutFocusReportsSilenceCounts() {
        var state = Fixtures.chat()
        state.press("\"x")
        #expect(state.update(Self.received) == [])
        state.wait(.seconds(61))
        #expect(state.update(Self.received) == [.tell(.bell)])
    }

    @Test func mutedConversationsDoNotCall() {
        var state = away()
        _ = state.update(
            .conversationsLoaded([
                Conversation(peer: Fixtures.caio, name: "Caio Rocha", unread: 1, isMuted: true)
            ]))
        #expect(state.update(Self.received) == [])
    }

    @Test func theWaysAreChosenAndTurnedOff() {
        var state = away(.desktop)
        state.context.attention.alerts.ringsBell = false
        #expect(state.update(Self.received) == [.notify(title: "Caio Rocha", body: "onde você está?")])
        state = away(.off)
        #expect(state.update(Self.received) == [.tell(.bell)])
    }

    @Test func theDesktopGetsNoControls() {
        var state = away(.desktop)
        state.context.attention.alerts.ringsBell = false
        let nasty = AppEvent.change(
            .notice(
                .received(
                    from: Person(id: UserID(77), name: "a\u{1B}]0;b\u{7}", email: nil), row: RowID(90),
                    content: "x\u{202E}\u{1B}[2J", isOpen: false)))
        guard case .notify(let title, let body)? = state.update(nasty).first else {
            return #expect(Bool(false))
        }
        for text in [title, body] {
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" })
        }
    }

    @Test func theTitleSaysWhatWaits() {
        var state = Fixtures.chat()
        #expect(state.windowTitle == "(14) Bia Souza - MyChat")
        _ = state.update(.conversationsLoaded([]))
        state.open = nil
        #expect(state.windowTitle == "MyChat")
    }

    @Test func terminalsAreKnownByWhatTheySay() {
        func way(_ environment: [String: String]) -> Alerts.Way {
            TerminalClient.notificationWay(.automatic, environment)
        }
        #expect(way(["TERM": "xterm-kitty"]) == .terminal(.osc99))
        #expect(way(["TERM": "foot"]) == .terminal(.osc777))
        #expect(way(["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"]) == .terminal(.osc9))
        #expect(way(["TERM": "xterm-256color"]) == .off)
        #expect(TerminalClient.notificationWay(.desktop, [:]) == .desktop)
    }
}
