import ChatClientCore
import ChatNet
import ChatWire

/// A person in a scenario, with all open sockets, clients and receivers. The runner of the scenario owns it.
final class Person {
    let name: String
    var id: Int64 = 0
    var fullName = ""
    var email = ""
    var password = ""
    var token = ""
    let http: HTTPClient
    let net: NetConfiguration
    /// Set when the scenario changes the person's link.
    let gate: LinkGate?
    var devices: [String: Device] = [:]
    var push: PushSeat?
    /// The messages that this account created, as far as the runner saw; they are deleted at the end.
    var messages: Set<Int64> = []
    var contacts: Set<Int64> = []
    var endpoints: Set<String> = []

    init(name: String, http: HTTPClient, net: NetConfiguration, gate: LinkGate?) {
        self.name = name
        self.http = http
        self.net = net
        self.gate = gate
    }

    /// The person as a variable of the script.
    var variable: JSONValue {
        [
            "id": .integer(id), "name": .string(fullName), "email": .string(email),
            "password": .string(password), "token": .string(token),
        ]
    }

    func device(_ name: String) -> Device {
        if let device = devices[name] { return device }
        let device = Device()
        devices[name] = device
        return device
    }
}

/// One device of a person: at most one socket, and at most one client.
final class Device {
    var socket: SocketSeat?
    var raw: WebSocketClient?
    var rawTask: Task<Void, Never>?
    var inbox = Inbox()
    var client: ChatClient?
    var clientTask: Task<Void, Never>?
    var clientIsOffline = false
}

/// An ordinary socket of a script.
final class SocketSeat {
    enum Phase: Hashable {
        case opening, open, letIn
        case refused(JSONValue)
        case ended
    }

    let number: Int
    let transport: LinkTransport
    var reading = SocketReading()
    var phase = Phase.opening
    private(set) var nextAcknowledgement: UInt64 = 1
    /// The answers to events that requested one.
    var acknowledgements: [UInt64: JSONValue] = [:]

    init(number: Int, transport: LinkTransport) {
        self.number = number
        self.transport = transport
    }

    func takeAcknowledgementID() -> UInt64 {
        defer { nextAcknowledgement += 1 }
        return nextAcknowledgement
    }

    var isUsable: Bool { phase != .ended }

    // The transport lives on the thread of the runner, which owns the seat.

    /// Whether all frames now go over a websocket.
    var isWebSocket: Bool { transport.assumeIsolated { $0.isWebSocket } }

    func start() { transport.assumeIsolated { $0.start() } }

    func send(_ text: [UInt8]) { transport.assumeIsolated { $0.send(text) } }

    /// Sends what waits, then closes.
    func close() { transport.assumeIsolated { $0.close() } }
}

/// A push receiver, and its client, which never connects.
final class PushSeat {
    let client: ChatClient
    let receiver: PushReceiver
    var inbox = Inbox()
    var task: Task<Void, Never>?

    init(client: ChatClient, receiver: PushReceiver) {
        self.client = client
        self.receiver = receiver
    }
}
