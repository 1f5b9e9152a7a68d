import ChatWire
import Testing

@testable import ChatServerLite

/// Which messages the real server treats as repetitions.
@Suite struct RecentPushesTests {
    private func message(_ content: String, from sender: Int64 = 1, to receiver: Int64 = 2) -> Message {
        Message(
            id: MessageID(1), senderID: UserID(sender), receiverID: UserID(receiver), content: content,
            isRead: false, createdAt: Timestamp(seconds: 1))
    }

    private func at(_ milliseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .milliseconds(milliseconds)
    }

    @Test func anEqualMessageIsARepetitionWhileAPushIsInProgress() {
        var recent = RecentPushes()
        let text = message("oi")
        #expect(recent.begin(text, now: at(0)) == true)
        recent.queued(text, as: [7, 8], now: at(1))
        #expect(recent.begin(text, now: at(3000)) == false)
        recent.tried(7, now: at(5000))
        // The push to the other subscription is still in progress.
        #expect(recent.begin(text, now: at(7000)) == false)
        recent.tried(8, now: at(8000))
        #expect(recent.begin(text, now: at(8999)) == false)
        #expect(recent.begin(text, now: at(9000)) == true)
    }

    @Test func repetitionsDoNotRestartTheSecond() {
        var recent = RecentPushes()
        let text = message("oi")
        #expect(recent.begin(text, now: at(0)) == true)
        recent.queued(text, as: [], now: at(10))
        #expect(recent.begin(text, now: at(900)) == false)
        #expect(recent.begin(text, now: at(1010)) == true)
    }

    @Test func noPushIsInProgressForMoreThanTenSeconds() {
        var recent = RecentPushes()
        let text = message("oi")
        #expect(recent.begin(text, now: at(0)) == true)
        recent.queued(text, as: [7], now: at(1))
        #expect(recent.begin(text, now: at(9999)) == false)
        #expect(recent.begin(text, now: at(10_000)) == true)
        recent.queued(text, as: [9], now: at(10_001))
        // The end of the first push does not end the second.
        recent.tried(7, now: at(10_500))
        #expect(recent.begin(text, now: at(12_000)) == false)
        recent.tried(9, now: at(12_500))
        recent.tried(9, now: at(13_400))
        #expect(recent.begin(text, now: at(13_500)) == true)
    }

    @Test func fiftyCharactersAndBothPeopleCount() {
        var recent = RecentPushes()
        let beginning = String(repeating: "é", count: 50)
        #expect(recent.begin(message(beginning + "a"), now: at(0)) == true)
        #expect(recent.begin(message(beginning + "b"), now: at(1)) == false)
        #expect(recent.begin(message(String(beginning.dropLast())), now: at(2)) == true)
        #expect(recent.begin(message(beginning, from: 3), now: at(3)) == true)
        #expect(recent.begin(message(beginning, to: 3), now: at(4)) == true)
        // A push that was not started is not remembered.
        recent.queued(message("x"), as: [1], now: at(5))
        #expect(recent.begin(message("x"), now: at(6)) == true)
    }
}
