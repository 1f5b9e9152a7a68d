import ChatWire
import TestSupport
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The roster beside a plain list of who is where: after every call both name the same sockets for every audience, and
/// the announcements say what has changed in the list.
@Suite struct RosterModelTests {
    /// Everything as lists, searched from the beginning each time.
    private struct Model {
        var sockets: [(socket: SocketID, user: UserID)] = []
        var joined: [(socket: SocketID, room: UserPair)] = []
        var contacts: [(user: UserID, contact: UserID)] = []

        func isOnline(_ user: UserID) -> Bool { sockets.contains { $0.user == user } }

        func user(_ socket: SocketID) -> UserID? { sockets.first { $0.socket == socket }?.user }

        func audience(_ audience: Audience) -> Set<SocketID> {
            func isIn(_ socket: SocketID, _ room: UserPair) -> Bool {
                joined.contains { $0.socket == socket && $0.room == room }
            }
            let found = sockets.filter { socket, user in
                switch audience {
                case .socket(let one): socket == one
                case .user(let one, let exception): user == one && socket != exception
                case .room(let room, let exception): isIn(socket, room) && user != exception
                case .conversation(let room, let sender, let origin):
                    isIn(socket, room) || (user == sender && socket != origin)
                case .watchers(let one): contacts.contains { $0.user == user && $0.contact == one }
                case .members(let room, let exception): isIn(socket, room) && socket != exception
                case .everyone(let exception): socket != exception
                }
            }
            return Set(found.map(\.socket))
        }
    }

    private static let users = (1...5).map { Person(id: UserID($0), name: "U\($0)") }

    private static func socket(_ number: Int) -> SocketID {
        SocketID(node: NodeID(rawValue: 1), number: Int64(number))
    }

    private static func audiences(_ model: Model) -> [Audience] {
        var audiences: [Audience] = [.everyone(except: nil), .everyone(except: socket(1))]
        for user in users {
            audiences += [.user(user.id, except: nil), .user(user.id, except: socket(2)), .watchers(user.id)]
            for peer in users where peer.id > user.id {
                let room = UserPair(user.id, peer.id)
                audiences += [
                    .room(room, except: user.id), .members(room, except: socket(3)),
                    .members(room, except: nil),
                    .conversation(room, sender: user.id, origin: socket(4)),
                    .conversation(room, sender: peer.id, origin: nil),
                ]
            }
        }
        return audiences
    }

    private func named(_ roster: Roster, _ audience: Audience) -> (set: Set<SocketID>, count: Int) {
        var found: [SocketID] = []
        roster.forEach(in: audience) { found.append($0) }
        return (Set(found), found.count)
    }

    private func events(_ announcements: [Announcement]) -> Set<String> {
        Set(
            announcements.map { announcement in
                if case .event(let event, let audience, _) = announcement {
                    "\(event) to \(audience)"
                } else {
                    "other"
                }
            })
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func itAgreesWithLists(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var roster = Roster(typingLifetime: .seconds(6))
        var model = Model()
        for step in 0..<250 {
            let user = Self.users.randomElement(using: &random) ?? Self.users[0]
            let peer = Self.users.randomElement(using: &random) ?? Self.users[0]
            let socket = Self.socket(Int.random(in: 1...8, using: &random))
            let place: Comment = "seed \(seed), step \(step)"
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: connect(socket, user, &roster, &model, &random, place)
            case 2: disconnect(socket, &roster, &model, place)
            case 3:
                join(
                    UserPair(user.id, peer.id), socket, &roster, &model,
                    isLeaving: Bool.random(using: &random))
            case 4:
                let announced = roster.addContact(peer.id, to: user.id)
                guard model.isOnline(user.id) else {
                    #expect(announced.isEmpty, place)
                    continue
                }
                model.contacts.removeAll { $0 == (user.id, peer.id) }
                model.contacts.append((user.id, peer.id))
                let online: Set<String> = [
                    "\(ServerEvent.userOnline(peer)) to \(Audience.user(user.id, except: nil))"
                ]
                #expect(events(announced) == (model.isOnline(peer.id) ? online : []), place)
            default:
                roster.removeContact(peer.id, from: user.id)
                model.contacts.removeAll { $0 == (user.id, peer.id) }
            }
            compare(roster, model, place)
        }
    }

    private func connect(
        _ socket: SocketID, _ user: Person, _ roster: inout Roster, _ model: inout Model,
        _ random: inout SeededGenerator, _ place: Comment
    ) {
        // A user's contacts are those in the database, the same for each of their sockets.
        let isFirst = !model.isOnline(user.id)
        var contacts = model.contacts.filter { $0.user == user.id }.map(\.contact)
        if isFirst { contacts = Self.users.filter { _ in Bool.random(using: &random) }.map(\.id) }
        let announced = roster.connect(socket, user, contacts: contacts)
        guard model.user(socket) == nil else {
            #expect(announced.isEmpty, place)
            return
        }
        model.sockets.append((socket, user.id))
        if isFirst { model.contacts += contacts.map { (user.id, $0) } }
        var expected: Set<String> = []
        if isFirst { expected.insert("\(ServerEvent.userOnline(user)) to \(Audience.watchers(user.id))") }
        for contact in Self.users where contacts.contains(contact.id) && model.isOnline(contact.id) {
            expected.insert("\(ServerEvent.userOnline(contact)) to \(Audience.socket(socket))")
        }
        #expect(events(announced) == expected, place)
    }

    private func disconnect(
        _ socket: SocketID, _ roster: inout Roster, _ model: inout Model, _ place: Comment
    ) {
        let user = model.user(socket)
        let announced = roster.disconnect(socket)
        model.sockets.removeAll { $0.socket == socket }
        model.joined.removeAll { $0.socket == socket }
        guard let user, !model.isOnline(user) else {
            #expect(announced.isEmpty, place)
            return
        }
        model.contacts.removeAll { $0.user == user }
        #expect(
            events(announced) == ["\(ServerEvent.userOffline(user)) to \(Audience.watchers(user))"], place)
    }

    private func join(
        _ room: UserPair, _ socket: SocketID, _ roster: inout Roster, _ model: inout Model, isLeaving: Bool
    ) {
        if isLeaving {
            roster.leave(room, socket)
            model.joined.removeAll { $0 == (socket, room) }
        } else {
            roster.join(room, socket)
            guard model.user(socket) != nil, !model.joined.contains(where: { $0 == (socket, room) }) else {
                return
            }
            model.joined.append((socket, room))
        }
    }

    private func compare(_ roster: Roster, _ model: Model, _ place: Comment) {
        for audience in Self.audiences(model) {
            let found = named(roster, audience)
            #expect(found.set == model.audience(audience), place)
            // Nobody gets a packet twice.
            #expect(found.count == found.set.count, place)
        }
        for user in Self.users { #expect(roster.isHere(user.id) == model.isOnline(user.id), place) }
        for number in 1...8 {
            let socket = Self.socket(number)
            #expect(roster.user(of: socket)?.id == model.user(socket), place)
            #expect(roster.isPresent(socket) == (model.user(socket) != nil), place)
        }
    }

    // MARK: As recorded

    /// The real server knows one socket of each user. A displaced one stays open, hears of it, and leaves silently.
    @Test func theNewestSocketDisplacesTheOthers() {
        var roster = Roster(typingLifetime: .seconds(6), newestSocketDisplaces: true)
        let (ana, bia) = (Self.users[0], Self.users[1])
        func all(_ announcements: [Announcement]) -> [String] {
            announcements.map { announcement in
                guard case .event(let event, let audience, _) = announcement else { return "other" }
                return "\(event) to \(named(roster, audience).set.map(\.number).sorted())"
            }
        }
        #expect(
            all(roster.connect(Self.socket(1), bia, contacts: [])) == ["\(ServerEvent.userOnline(bia)) to []"]
        )
        #expect(
            all(roster.connect(Self.socket(2), ana, contacts: [])) == [
                "\(ServerEvent.userOnline(ana)) to [1]"
            ])
        #expect(
            all(roster.connect(Self.socket(3), ana, contacts: [])) == [
                "\(ServerEvent.userOnline(ana)) to [1, 2]"
            ])
        #expect([1, 2, 3].map { roster.isPresent(Self.socket($0)) } == [true, false, true])
        #expect(named(roster, .user(ana.id, except: nil)).set == [Self.socket(3)])
        #expect(all(roster.disconnect(Self.socket(2))) == [])
        #expect(
            all(roster.disconnect(Self.socket(3))) == [
                "\(ServerEvent.userOffline(ana.id)) to [3]", "\(ServerEvent.userOffline(ana.id)) to [1]",
            ])
        #expect(!roster.isHere(ana.id))
    }
}
