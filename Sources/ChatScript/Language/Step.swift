import ChatWire

/// One line of a scenario.
public struct Step: Hashable, Sendable {
    public var position: SourcePosition
    /// The line as written, including its continuation lines.
    public var text: String
    /// The people who do it, one after another; empty for a step without a subject.
    public var subjects: [Subject]
    public var action: Action
}

/// A person, or one of the person's devices.
public struct Subject: Hashable, Sendable, CustomStringConvertible {
    public var person: String
    /// Empty for the first device.
    public var device: String

    public var description: String { device.isEmpty ? person : "\(person)/\(device)" }
}

/// What a step does.
public indirect enum Action: Hashable, Sendable {
    case people([String], areNew: Bool)
    case call(RESTCall)
    case check(Expression, Pattern)
    case assign(String, Expression)
    case wait(Duration, reason: String)

    case connect(SocketOpening)
    case disconnect
    case emit(Emission)
    case join(Bool, person: String)
    case send(Sending)
    case expect(Expectation)

    case openRaw(path: Expression?, refusal: Pattern?)
    case sendFrame(Expression)
    case sendBinary(Expression)
    case ping(Expression?)
    case closeRaw(Expression?)

    case link(LinkChange)

    case startClient(isOffline: Bool)
    case stopClient
    case restartClient
    case write(to: String, Expression)
    case open(String)
    case read(String)
    case show(View, Pattern, within: Duration?)

    case listenForPushes
    case answerPushes(Expression)

    /// A change of a person's link.
    public enum LinkChange: Hashable, Sendable {
        case breaks, goesOffline, stalls, comesBack
    }

    /// A part of what a client shows.
    public enum View: Hashable, Sendable {
        case link, list, outbox
        case chat(with: String)
    }
}

/// A request and the pattern of its response.
public struct RESTCall: Hashable, Sendable {
    public enum Body: Hashable, Sendable {
        case none
        case json(Expression)
        case text(Expression)
    }

    public enum Authorization: Hashable, Sendable {
        case own, none
        case token(Expression)
    }

    public var method: HTTPMethod
    public var path: Expression
    public var body: Body = .none
    public var headers: [(Expression, Expression)] = []
    public var contentType: Expression?
    public var authorization: Authorization = .own
    public var status: Pattern?
    public var answer: Pattern?

    public static func == (one: RESTCall, other: RESTCall) -> Bool {
        one.method == other.method && one.path == other.path && one.body == other.body
            && one.headers.elementsEqual(other.headers, by: ==) && one.contentType == other.contentType
            && one.authorization == other.authorization && one.status == other.status
            && one.answer == other.answer
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(method)
        hasher.combine(path)
    }
}

/// How to open a Socket.IO session, and the expected result.
public struct SocketOpening: Hashable, Sendable {
    public enum Transport: Hashable, Sendable {
        case webSocket, polling, upgraded
    }

    public enum Auth: Hashable, Sendable {
        case token, none
        case value(Expression)
    }

    public enum Result: Hashable, Sendable {
        case letIn, silence
        case refused(Pattern?)
    }

    public var transport = Transport.webSocket
    public var auth = Auth.token
    public var result = Result.letIn
}

/// An event that is sent.
public struct Emission: Hashable, Sendable {
    public enum Acknowledgement: Hashable, Sendable {
        case notAsked, none
        case expected(Pattern?)
    }

    public var event: String
    public var arguments: [Expression]
    public var acknowledgement = Acknowledgement.notAsked
}

/// A message that is sent and confirmed.
public struct Sending: Hashable, Sendable {
    public var receiver: String
    public var text: Expression
    public var tempID: Expression?
    public var isByREST = false
    public var name: String?
}
