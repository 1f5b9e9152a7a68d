import ChatWire
import Testing

@testable import ChatServerLite

@Suite struct NodeMessageTests {
    private static let socket = SocketID(node: NodeID(rawValue: .max), number: 17)
    private static let pair = UserPair(UserID(9), UserID(4))

    private static let audiences: [(Audience, String)] = [
        (.socket(socket), #"["socket",[9223372036854775807,17]]"#),
        (.user(UserID(3), except: nil), #"["user",3,null]"#),
        (.user(UserID(3), except: socket), #"["user",3,[9223372036854775807,17]]"#),
        (.room(pair, except: UserID(4)), #"["room",[4,9],4]"#),
        (.conversation(pair, sender: UserID(4), origin: nil), #"["conversation",[4,9],4,null]"#),
        (
            .conversation(pair, sender: UserID(4), origin: socket),
            #"["conversation",[4,9],4,[9223372036854775807,17]]"#
        ),
        (.watchers(UserID(-1)), #"["watchers",-1]"#),
        (.members(pair, except: socket), #"["members",[4,9],[9223372036854775807,17]]"#),
        (.everyone(except: nil), #"["everyone",null]"#),
    ]

    @Test(arguments: audiences)
    func packetsCrossUnchanged(audience: Audience, text: String) throws {
        let event = ServerEvent.error("\"ü\" \u{1}")
        let message = NodeMessage.packet(event.packet(), to: audience)
        let packet = JSONValue.string(String(decoding: event.packet().bytes, as: UTF8.self)).serialized()
        let whole = #"["packet","# + String(decoding: packet, as: UTF8.self) + "," + text + "]"
        #expect(String(decoding: message.text, as: UTF8.self) == whole)
        #expect(try NodeMessage(parsing: Array(whole.utf8)) == message)
    }

    @Test(arguments: [
        (NodeMessage.contactAdded(UserID(1), to: UserID(2)), #"["contact_added",1,2]"#),
        (.contactRemoved(UserID(1), from: UserID(2)), #"["contact_removed",1,2]"#),
        (
            .sessionsEnded(
                SessionsEnd(
                    user: UserID(1),
                    sessions: [EndedSession(id: SessionID(7), expiresAt: Timestamp(microseconds: 8))],
                    endsUnnamed: true)), #"["sessions_ended",1,[[7,8]],true]"#
        ),
    ])
    func contactsCross(message: NodeMessage, text: String) throws {
        #expect(String(decoding: message.text, as: UTF8.self) == text)
        #expect(try NodeMessage(parsing: Array(text.utf8)) == message)
    }

    @Test(arguments: [
        "", "[]", "{}", "null", #"["packet","42[]"]"#, #"["packet",1,["watchers",1]]"#,
        #"["packet","42[]",["watchers"]]"#, #"["packet","42[]",["watchers","x"]]"#,
        #"["packet","42[]",["socket",[1]]]"#, #"["packet","42[]",["room",[1,2,3],4]]"#,
        #"["packet","42[]",["user",1,[1,"x"]]]"#, #"["packet","42[]",["nobody"]]"#,
        #"["contact_added",1]"#, #"["contact_added",1,"x"]"#, #"["else",1,2]"#,
        #"["sessions_ended",1,[[7]],true]"#, #"["sessions_ended",1,[],2,3]"#, #"["sessions_ended",1,[]]"#,
    ])
    func otherTextsAreRefused(text: String) {
        #expect(throws: NodeMessage.Unreadable.self) { try NodeMessage(parsing: Array(text.utf8)) }
    }
}
