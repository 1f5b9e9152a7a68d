import ChatWire

/// Who is connected to this node, who has joined which conversation, who is typing, and who has whom as a
/// contact.
///
/// Its cost grows with the contacts and rooms of the users who are online, not with all pairs of users: it
/// holds no other contacts.
struct Roster {
    private struct Member {
        let user: Person
        var rooms: Set<UserPair> = []
    }

    private struct Typing: Hashable {
        let user: UserID
        let pair: UserPair
    }

    private var members: [SocketID: Member] = [:]
    private var socketsByUser: [UserID: [SocketID]] = [:]
    private var socketsByRoom: [UserPair: [SocketID]] = [:]
    private var contactsByUser: [UserID: Set<UserID>] = [:]
    /// For each user, the online users who have that user as a contact.
    private var watchersByUser: [UserID: Set<UserID>] = [:]
    private var typingUntil: [Typing: MonotonicInstant] = [:]
    /// Those who were announced as typing, and not yet as stopped.
    private var typingShown: Set<Typing> = []
    /// How often one user's typing in one conversation is announced.
    private var typingRate = RateCounter<Typing>(Rate(burst: 10, period: .seconds(5)))
    private let typingLifetime: Duration
    private let newestSocketDisplaces: Bool
    private let presence: any Presence

    /// The maximum number of conversations that a socket can join.
    static let roomsMax = 1000

    /// - Parameter presence: gets the arrivals and departures on this node, and knows who is connected to
    ///   other nodes.
    init(
        typingLifetime: Duration, newestSocketDisplaces: Bool = false,
        presence: any Presence = LocalPresence()
    ) {
        self.typingLifetime = typingLifetime
        self.newestSocketDisplaces = newestSocketDisplaces
        self.presence = presence
    }

    /// Whether the user is connected to this node.
    func isHere(_ user: UserID) -> Bool { socketsByUser[user] != nil }

    /// The user who is signed in on the socket; nil when there is none.
    func user(of socket: SocketID) -> Person? { members[socket]?.user }

    /// Whether the socket counts as one of its user's. A newer one may have displaced it.
    func isPresent(_ socket: SocketID) -> Bool {
        guard let user = members[socket]?.user.id else { return false }
        return socketsByUser[user]?.contains(socket) == true
    }

    // MARK: Arrivals and departures

    /// Adds a socket.
    ///
    /// - Returns: the announcements: the user's arrival for their watchers, and each online contact for the
    ///   socket.
    mutating func connect(_ socket: SocketID, _ user: Person, contacts: [UserID]) -> [Announcement] {
        guard members[socket] == nil else { return [] }
        members[socket] = Member(user: user)
        if newestSocketDisplaces { return displace(by: socket, user) }
        let isFirstHere = !isHere(user.id)
        socketsByUser[user.id, default: []].append(socket)
        let isFirst = isFirstHere && presence.arrive(user)
        if isFirstHere {
            contactsByUser[user.id] = Set(contacts)
            for contact in contacts { watchersByUser[contact, default: []].insert(user.id) }
        }
        var announcements: [Announcement] = []
        if isFirst { announcements.append(.event(.userOnline(user), to: .watchers(user.id))) }
        for contact in contacts {
            guard let person = presence.person(contact) else { continue }
            announcements.append(.event(.userOnline(person), to: .socket(socket)))
        }
        return announcements
    }

    /// Makes the socket the user's only one, as recorded. The displaced sockets stay open. They still get
    /// what is sent to everyone and to their rooms, and this arrival too, which tells them that they were
    /// displaced.
    private mutating func displace(by socket: SocketID, _ user: Person) -> [Announcement] {
        socketsByUser[user.id] = [socket]
        _ = presence.arrive(user)
        return [.event(.userOnline(user), to: .everyone(except: socket))]
    }

    /// Removes a socket as recorded: the socket hears of its own departure too, if it is still open. A displaced
    /// socket leaves silently.
    private mutating func leave(_ socket: SocketID) -> [Announcement] {
        let wasPresent = isPresent(socket)
        guard let member = members.removeValue(forKey: socket) else { return [] }
        for room in member.rooms { remove(socket, from: room) }
        guard wasPresent else { return [] }
        socketsByUser[member.user.id] = nil
        _ = presence.depart(member.user.id)
        let offline = ServerEvent.userOffline(member.user.id)
        return [.event(offline, to: .socket(socket)), .event(offline, to: .everyone(except: nil))]
    }

    /// Removes a socket. The user goes offline with their last socket.
    mutating func disconnect(_ socket: SocketID) -> [Announcement] {
        if newestSocketDisplaces { return leave(socket) }
        guard let member = members.removeValue(forKey: socket) else { return [] }
        for room in member.rooms { remove(socket, from: room) }
        let user = member.user.id
        socketsByUser[user]?.removeAll { $0 == socket }
        guard socketsByUser[user]?.isEmpty == true else { return [] }
        socketsByUser[user] = nil
        var announcements = stopTyping(of: user)
        if presence.depart(user) { announcements.append(.event(.userOffline(user), to: .watchers(user))) }
        for contact in contactsByUser.removeValue(forKey: user) ?? [] { unwatch(contact, by: user) }
        return announcements
    }

    private mutating func unwatch(_ contact: UserID, by user: UserID) {
        watchersByUser[contact]?.remove(user)
        if watchersByUser[contact]?.isEmpty == true { watchersByUser[contact] = nil }
    }

    // MARK: Contacts

    /// Adds a contact of an online user. The user learns whether the contact is online.
    mutating func addContact(_ contact: UserID, to user: UserID) -> [Announcement] {
        guard isHere(user) else { return [] }
        contactsByUser[user, default: []].insert(contact)
        watchersByUser[contact, default: []].insert(user)
        guard let person = presence.person(contact) else { return [] }
        return [.event(.userOnline(person), to: .user(user, except: nil))]
    }

    /// Removes a contact of an online user.
    mutating func removeContact(_ contact: UserID, from user: UserID) {
        guard contactsByUser[user]?.remove(contact) != nil else { return }
        unwatch(contact, by: user)
    }

    // MARK: Rooms

    /// Joins a conversation, unless the socket has already joined ``roomsMax``.
    mutating func join(_ room: UserPair, _ socket: SocketID) {
        guard let count = members[socket]?.rooms.count, count < Self.roomsMax,
            members[socket]?.rooms.insert(room).inserted == true
        else { return }
        socketsByRoom[room, default: []].append(socket)
    }

    /// Leaves a conversation.
    mutating func leave(_ room: UserPair, _ socket: SocketID) {
        guard members[socket]?.rooms.remove(room) != nil else { return }
        remove(socket, from: room)
    }

    private mutating func remove(_ socket: SocketID, from room: UserPair) {
        socketsByRoom[room]?.removeAll { $0 == socket }
        if socketsByRoom[room]?.isEmpty == true { socketsByRoom[room] = nil }
    }

    // MARK: Typing

    /// Records that somebody types or has stopped. The others in the room hear of it, within the rate limit.
    mutating func setTyping(
        _ isTyping: Bool, in pair: UserPair, by user: Person, now: MonotonicInstant
    ) -> [Announcement] {
        let typing = Typing(user: user.id, pair: pair)
        typingUntil[typing] = isTyping ? now + typingLifetime : nil
        if isTyping {
            guard typingRate.take(from: typing, now: now) else { return [] }
            typingShown.insert(typing)
            return [.event(.userTyping(user), to: .room(pair, except: user.id))]
        }
        // The end of announced typing is always announced.
        guard typingShown.remove(typing) != nil || typingRate.take(from: typing, now: now) else { return [] }
        return [.event(.userStoppedTyping(user.id), to: .room(pair, except: user.id))]
    }

    /// Ends all typing that was not renewed in time.
    mutating func expireTyping(now: MonotonicInstant) -> [Announcement] {
        let expired = typingUntil.filter { $0.value <= now }.keys
        return expired.compactMap { end($0) }
    }

    private mutating func stopTyping(of user: UserID) -> [Announcement] {
        let stopped = typingUntil.keys.filter { $0.user == user }
        return stopped.compactMap { end($0) }
    }

    /// The announcement that the typing has ended; nil if it was not announced.
    private mutating func end(_ typing: Typing) -> Announcement? {
        typingUntil[typing] = nil
        guard typingShown.remove(typing) != nil else { return nil }
        return .event(.userStoppedTyping(typing.user), to: .room(typing.pair, except: typing.user))
    }

    // MARK: Audiences

    /// Calls `body` once for each socket of the audience.
    func forEach(in audience: Audience, _ body: (SocketID) -> Void) {
        switch audience {
        case .socket(let socket):
            body(socket)
        case .user(let user, let exception):
            for socket in socketsByUser[user] ?? [] where socket != exception { body(socket) }
        case .room(let pair, let exception):
            for socket in socketsByRoom[pair] ?? [] where members[socket]?.user.id != exception {
                body(socket)
            }
        case .conversation(let pair, let sender, let origin):
            let room = socketsByRoom[pair] ?? []
            for socket in room { body(socket) }
            for socket in socketsByUser[sender] ?? [] where socket != origin && !room.contains(socket) {
                body(socket)
            }
        case .members(let pair, let exception):
            for socket in socketsByRoom[pair] ?? [] where socket != exception { body(socket) }
        case .everyone(let exception):
            for socket in members.keys where socket != exception { body(socket) }
        case .watchers(let user):
            for watcher in watchersByUser[user] ?? [] {
                for socket in socketsByUser[watcher] ?? [] { body(socket) }
            }
        }
    }
}
