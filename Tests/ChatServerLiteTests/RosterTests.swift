import ChatWire
import Testing

@testable import ChatServerLite

@Suite struct RosterTests {
    private let ana = Person(id: UserID(1), name: "Ana")
    private let bia = Person(id: UserID(2), name: "Bia")
    private let caio = Person(id: UserID(3), name: "Caio")
    private let start = MonotonicInstant(nanoseconds: 0)

    private func socket(_ number: UInt64) -> SocketID {
        SocketID(node: NodeID(rawValue: 1), number: Int64(number))
    }

    private func sockets(_ roster: Roster, _ audience: Audience) -> Set<UInt64> {
        var found: Set<UInt64> = []
        roster.forEach(in: audience) { found.insert(UInt64($0.number)) }
        return found
    }

    private func events(_ announcements: [Announcement]) -> [ServerEvent] {
        announcements.compactMap { if case .event(let event, _, _) = $0 { event } else { nil } }
    }

    private func audiences(_ announcements: [Announcement]) -> [Audience] {
        announcements.compactMap { if case .event(_, let audience, _) = $0 { audience } else { nil } }
    }

    /// However many others are online, an arrival informs only the user's watchers, and the user of the
    /// contacts who are online. A departure informs only the watchers.
    @Test(arguments: [0, 200, 5000])
    func presenceCostGrowsWithContactsOnly(others: Int) {
        var roster = Roster(typingLifetime: .seconds(6))
        func deliveries(_ announcements: [Announcement]) -> Int {
            audiences(announcements).reduce(0) { $0 + sockets(roster, $1).count }
        }
        for number in 0..<UInt64(others) {
            let stranger = Person(id: UserID(1000 + Int64(number)), name: "S")
            _ = roster.connect(socket(1000 + number), stranger, contacts: [bia.id])
        }
        for number in 10..<17 as Range<UInt64> {
            let friend = Person(id: UserID(Int64(number)), name: "F")
            _ = roster.connect(socket(number), friend, contacts: [ana.id])
        }
        // Four of these ten are online.
        let contacts = (13..<23).map { UserID(Int64($0)) }
        #expect(deliveries(roster.connect(socket(1), ana, contacts: contacts)) == 7 + 4)
        #expect(deliveries(roster.connect(socket(2), ana, contacts: contacts)) == 4)
        #expect(deliveries(roster.disconnect(socket(2))) == 0)
        #expect(deliveries(roster.disconnect(socket(1))) == 7)
    }

    @Test func presenceGoesToWatchersOnly() {
        var roster = Roster(typingLifetime: .seconds(6))
        #expect(events(roster.connect(socket(1), ana, contacts: [bia.id])) == [.userOnline(ana)])
        #expect(sockets(roster, .watchers(ana.id)).isEmpty)
        let online = roster.connect(socket(2), bia, contacts: [])
        #expect(events(online) == [.userOnline(bia)])
        #expect(sockets(roster, .watchers(bia.id)) == [1])
        #expect(events(roster.disconnect(socket(2))) == [.userOffline(bia.id)])
        #expect(sockets(roster, .watchers(bia.id)) == [1])
        _ = roster.disconnect(socket(1))
        #expect(sockets(roster, .watchers(bia.id)).isEmpty)
    }

    @Test func aNewcomerLearnsWhoIsOnline() {
        var roster = Roster(typingLifetime: .seconds(6))
        _ = roster.connect(socket(1), bia, contacts: [])
        _ = roster.connect(socket(2), caio, contacts: [])
        let announcements = roster.connect(socket(3), ana, contacts: [bia.id, UserID(9)])
        #expect(events(announcements) == [.userOnline(ana), .userOnline(bia)])
        #expect(audiences(announcements) == [.watchers(ana.id), .socket(socket(3))])
        // A second socket hears the same, and nobody hears of it.
        let second = roster.connect(socket(4), ana, contacts: [bia.id])
        #expect(audiences(second) == [.socket(socket(4))])
    }

    @Test func theLastSocketTakesTheUserOffline() {
        var roster = Roster(typingLifetime: .seconds(6))
        _ = roster.connect(socket(1), ana, contacts: [])
        _ = roster.connect(socket(2), ana, contacts: [])
        #expect(roster.disconnect(socket(1)).isEmpty)
        #expect(roster.isHere(ana.id))
        #expect(events(roster.disconnect(socket(2))) == [.userOffline(ana.id)])
        #expect(roster.disconnect(socket(2)).isEmpty)
        #expect(!roster.isHere(ana.id))
    }

    @Test func contactsChangeWhileOnline() {
        var roster = Roster(typingLifetime: .seconds(6))
        _ = roster.connect(socket(1), ana, contacts: [])
        _ = roster.connect(socket(2), bia, contacts: [])
        let added = roster.addContact(bia.id, to: ana.id)
        #expect(events(added) == [.userOnline(bia)])
        #expect(audiences(added) == [.user(ana.id, except: nil)])
        #expect(sockets(roster, .watchers(bia.id)) == [1])
        roster.removeContact(bia.id, from: ana.id)
        #expect(sockets(roster, .watchers(bia.id)).isEmpty)
        #expect(roster.addContact(ana.id, to: caio.id).isEmpty)
    }

    @Test func audiencesOfAConversation() {
        var roster = Roster(typingLifetime: .seconds(6))
        let pair = UserPair(ana.id, bia.id)
        for (number, user) in [(1, ana), (2, ana), (3, bia), (4, bia), (5, caio)] {
            _ = roster.connect(socket(UInt64(number)), user, contacts: [])
        }
        roster.join(pair, socket(3))
        roster.join(pair, socket(3))
        #expect(sockets(roster, .conversation(pair, sender: ana.id, origin: socket(1))) == [2, 3])
        roster.join(pair, socket(1))
        #expect(sockets(roster, .conversation(pair, sender: ana.id, origin: socket(1))) == [1, 2, 3])
        #expect(sockets(roster, .conversation(pair, sender: ana.id, origin: nil)) == [1, 2, 3])
        #expect(sockets(roster, .room(pair, except: ana.id)) == [3])
        #expect(sockets(roster, .user(ana.id, except: socket(1))) == [2])
        #expect(sockets(roster, .user(UserID(9), except: nil)).isEmpty)
        roster.leave(pair, socket(3))
        roster.leave(pair, socket(3))
        #expect(sockets(roster, .room(pair, except: ana.id)).isEmpty)
        _ = roster.disconnect(socket(1))
        #expect(sockets(roster, .conversation(pair, sender: bia.id, origin: nil)) == [3, 4])
    }

    @Test func anUnknownSocketJoinsNothing() {
        var roster = Roster(typingLifetime: .seconds(6))
        roster.join(UserPair(ana.id, bia.id), socket(1))
        #expect(sockets(roster, .room(UserPair(ana.id, bia.id), except: UserID(0))).isEmpty)
    }

    @Test func theRoomsOfASocketAreBounded() {
        var roster = Roster(typingLifetime: .seconds(6))
        _ = roster.connect(socket(1), ana, contacts: [])
        for number in 0..<Roster.roomsMax + 5 {
            roster.join(UserPair(ana.id, UserID(Int64(number + 10))), socket(1))
        }
        let last = UserPair(ana.id, UserID(Int64(Roster.roomsMax + 14)))
        #expect(sockets(roster, .room(last, except: UserID(0))).isEmpty)
    }

    @Test func typingExpires() {
        var roster = Roster(typingLifetime: .seconds(6))
        let pair = UserPair(ana.id, bia.id)
        _ = roster.connect(socket(1), ana, contacts: [])
        #expect(events(roster.setTyping(true, in: pair, by: ana, now: start)) == [.userTyping(ana)])
        #expect(roster.expireTyping(now: start + .seconds(5)).isEmpty)
        // Typing was renewed, so it lasts longer.
        _ = roster.setTyping(true, in: pair, by: ana, now: start + .seconds(5))
        #expect(roster.expireTyping(now: start + .seconds(10)).isEmpty)
        let expired = roster.expireTyping(now: start + .seconds(11))
        #expect(events(expired) == [.userStoppedTyping(ana.id)])
        #expect(audiences(expired) == [.room(pair, except: ana.id)])
        #expect(roster.expireTyping(now: start + .seconds(30)).isEmpty)
    }

    /// However often a state is repeated, the others hear of it only occasionally.
    @Test func repeatedTypingIsNotAnnounced() {
        var roster = Roster(typingLifetime: .seconds(6))
        let pair = UserPair(ana.id, bia.id)
        _ = roster.connect(socket(1), ana, contacts: [])
        var told = 0
        for step in 0..<1000 {
            let now = start + .milliseconds(step)
            told += roster.setTyping(step % 3 != 2, in: pair, by: ana, now: now).count
        }
        #expect(told <= 30)
        let again = roster.setTyping(true, in: pair, by: ana, now: start + .seconds(3))
        #expect(events(again) == [.userTyping(ana)])
        _ = roster.expireTyping(now: start + .seconds(60))
        #expect(
            events(roster.setTyping(true, in: pair, by: ana, now: start + .seconds(60))) == [.userTyping(ana)]
        )
    }

    @Test func typingEndsWithItsUser() {
        var roster = Roster(typingLifetime: .seconds(6))
        _ = roster.connect(socket(1), ana, contacts: [])
        _ = roster.setTyping(true, in: UserPair(ana.id, bia.id), by: ana, now: start)
        #expect(events(roster.disconnect(socket(1))) == [.userStoppedTyping(ana.id), .userOffline(ana.id)])
        #expect(roster.expireTyping(now: start + .seconds(7)).isEmpty)
    }

    @Test func stoppedTypingDoesNotExpire() {
        var roster = Roster(typingLifetime: .seconds(6))
        let pair = UserPair(ana.id, bia.id)
        _ = roster.connect(socket(1), ana, contacts: [])
        _ = roster.setTyping(true, in: pair, by: ana, now: start)
        #expect(
            events(roster.setTyping(false, in: pair, by: ana, now: start)) == [.userStoppedTyping(ana.id)])
        #expect(roster.expireTyping(now: start + .seconds(7)).isEmpty)
    }
}
