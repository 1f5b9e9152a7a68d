import ChatCrypto
import ChatWire

/// The handshake with a proxy until the path to the server is open. Pure: bytes in, bytes out.
struct ProxyHandshake: Sendable {
    /// The target that the proxy connects us to.
    enum Target: Hashable, Sendable {
        case name(String, port: UInt16)
        case address(SocketAddress)
    }

    private enum State: Hashable, Sendable {
        /// CONNECT has been sent.
        case connect
        /// SOCKS: the method, the answer to user and password, the reply.
        case method, authentication, reply
        case open
    }

    private let target: Target
    private let credentials: ProxyServer.Credentials?
    private var state: State
    private var parser = HTTPResponseParser(method: .connect)
    private var received: [UInt8] = []

    /// The bytes after the proxy's last message: the server's first bytes.
    private(set) var leftover: [UInt8] = []

    var isOpen: Bool { state == .open }

    init(_ proxy: ProxyServer, to target: Target) {
        self.target = target
        credentials = proxy.credentials
        state = proxy.kind == .http ? .connect : .method
    }

    /// The bytes to send first.
    func start() throws(ProxyFailure) -> [UInt8] {
        state == .connect ? try connectRequest() : greeting
    }

    /// Takes bytes from the proxy; returns the bytes to answer.
    mutating func receive(_ bytes: [UInt8]) throws(ProxyFailure) -> [UInt8] {
        if state == .connect {
            try receiveConnectAnswer(bytes)
            return []
        }
        received += bytes
        var answer: [UInt8] = []
        while let more = try nextStep() { answer += more }
        return answer
    }

    /// The proxy has sent everything: a refusal may end like this.
    mutating func receiveEnd() throws(ProxyFailure) {
        if state == .connect, let response = try? parser.receiveEndOfInput() { try judge(response) }
        throw .closed
    }

    // MARK: - CONNECT

    private func connectRequest() throws(ProxyFailure) -> [UInt8] {
        let authority: String
        switch target {
        case .name(let host, let port):
            authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .address(let address): authority = "\(address)"
        }
        var request = HTTPRequest(method: .connect, target: authority)
        do {
            if let credentials { try request.headers.add("Proxy-Authorization", credentials.basic) }
            return try request.serialized(authority: authority)
        } catch {
            throw .invalidAnswer
        }
    }

    private mutating func receiveConnectAnswer(_ bytes: [UInt8]) throws(ProxyFailure) {
        let response: HTTPResponse?
        do {
            response = try parser.receive(bytes)
        } catch {
            throw .invalidAnswer
        }
        if let response { try judge(response) }
    }

    private mutating func judge(_ response: HTTPResponse) throws(ProxyFailure) {
        switch response.status {
        case 200..<300:
            leftover = parser.takeLeftover()
            state = .open
        case 407: throw credentials == nil ? .credentialsRequired : .credentialsRefused
        default: throw .refused(status: response.status)
        }
    }

    // MARK: - SOCKS 5

    private static let version: UInt8 = 5
    private static let noAuthentication: UInt8 = 0
    private static let userAndPassword: UInt8 = 2

    private var greeting: [UInt8] {
        let methods =
            credentials == nil ? [Self.noAuthentication] : [Self.noAuthentication, Self.userAndPassword]
        return [Self.version, UInt8(methods.count)] + methods
    }

    /// The bytes that answer the next whole message; nil when there is none yet.
    private mutating func nextStep() throws(ProxyFailure) -> [UInt8]? {
        switch state {
        case .connect, .open: return nil
        case .method: return try receiveMethod()
        case .authentication: return try receiveVerdict()
        case .reply: return try receiveReply()
        }
    }

    private mutating func receiveMethod() throws(ProxyFailure) -> [UInt8]? {
        if let version = received.first, version != Self.version { throw .invalidAnswer }
        guard let message = take(2) else { return nil }
        switch message[1] {
        case Self.noAuthentication:
            state = .reply
            return try request()
        case Self.userAndPassword:
            guard let credentials else { throw .invalidAnswer }
            state = .authentication
            return try authentication(credentials)
        case 0xFF: throw credentials == nil ? .credentialsRequired : .credentialsRefused
        default: throw .invalidAnswer
        }
    }

    /// RFC 1929 section 2.
    private func authentication(_ credentials: ProxyServer.Credentials) throws(ProxyFailure) -> [UInt8] {
        let user = Array(credentials.user.utf8)
        let password = Array(credentials.password.utf8)
        guard (1...255).contains(user.count), password.count <= 255 else { throw .credentialsRefused }
        return [1, UInt8(user.count)] + user + [UInt8(password.count)] + password
    }

    private mutating func receiveVerdict() throws(ProxyFailure) -> [UInt8]? {
        guard let message = take(2) else { return nil }
        guard message[1] == 0 else { throw .credentialsRefused }
        state = .reply
        return try request()
    }

    private func request() throws(ProxyFailure) -> [UInt8] {
        let (kind, host, port): (UInt8, [UInt8], UInt16)
        switch target {
        case .name(let name, let number):
            let bytes = Array(name.utf8)
            guard (1...255).contains(bytes.count) else { throw .socks(.addressNotSupported) }
            (kind, host, port) = (3, [UInt8(bytes.count)] + bytes, number)
        case .address(let address):
            (kind, host, port) = (address.isIPv6 ? 4 : 1, address.bytes, address.port)
        }
        return [Self.version, 1, 0, kind] + host + [UInt8(port >> 8), UInt8(port & 0xFF)]
    }

    private mutating func receiveReply() throws(ProxyFailure) -> [UInt8]? {
        if let version = received.first, version != Self.version { throw .invalidAnswer }
        guard received.count >= 2 else { return nil }
        // Some proxies end at once after a refusal, without the address.
        guard received[1] == 0 else { throw .socks(SOCKSRefusal(received[1])) }
        guard received.count >= 5 else { return nil }
        let length: Int
        switch received[3] {
        case 1: length = 4 + 4 + 2
        case 3: length = 4 + 1 + Int(received[4]) + 2
        case 4: length = 4 + 16 + 2
        default: throw .invalidAnswer
        }
        guard take(length) != nil else { return nil }
        leftover = received
        received = []
        state = .open
        return []
    }

    private mutating func take(_ count: Int) -> [UInt8]? {
        guard received.count >= count else { return nil }
        defer { received.removeFirst(count) }
        return Array(received.prefix(count))
    }
}

extension ProxyServer.Credentials {
    /// The value of `Proxy-Authorization` (RFC 7617).
    var basic: String { "Basic " + Base64.encode(Array("\(user):\(password)".utf8)) }
}
