/// The server's side of a SOCKS 5 opening (RFC 1928), as far as a relay to one place needs it. It accepts every
/// client and ignores the requested destination. Pure.
struct SocksGreeting {
    enum Step: Hashable {
        /// More bytes must arrive.
        case waiting
        /// Send this.
        case answer([UInt8])
        /// Send this; then the path is open, and the bytes after it are the client's first.
        case open(answer: [UInt8], leftover: [UInt8])
        /// The bytes are not SOCKS 5.
        case malformed
    }

    private enum State { case greeting, request, open }

    private var state = State.greeting
    private var buffer: [UInt8] = []

    /// "No authentication", and "succeeded" with a meaningless address.
    private static let welcome: [UInt8] = [5, 0]
    private static let success: [UInt8] = [5, 0, 0, 1, 127, 0, 0, 1, 0, 0]

    mutating func receive(_ bytes: [UInt8]) -> Step {
        buffer += bytes
        guard buffer.first.map({ $0 == 5 }) ?? true else { return .malformed }
        switch state {
        case .greeting:
            guard buffer.count >= 2, buffer.count >= 2 + Int(buffer[1]) else { return .waiting }
            buffer.removeFirst(2 + Int(buffer[1]))
            state = .request
            return .answer(Self.welcome)
        case .request:
            guard let length = requestLength() else { return .waiting }
            guard length > 0 else { return .malformed }
            guard buffer.count >= length else { return .waiting }
            state = .open
            return .open(answer: Self.success, leftover: Array(buffer[length...]))
        case .open: return .malformed
        }
    }

    /// Nil while it is unknown, 0 when the request is invalid.
    private func requestLength() -> Int? {
        guard buffer.count >= 5 else { return nil }
        guard buffer[1] == 1 else { return 0 }
        switch buffer[3] {
        case 1: return 10
        case 3: return 7 + Int(buffer[4])
        case 4: return 22
        default: return 0
        }
    }
}
