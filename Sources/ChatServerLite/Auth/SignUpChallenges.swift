import ChatCrypto
import ChatWire
import Synchronization

/// Issues and checks the challenges of a sign-up. A challenge is signed, so nothing is kept for one that
/// nobody solves. A solved one is remembered until it expires, because it counts once.
///
/// The more accounts were created lately, the more work the next one takes.
final class SignUpChallenges: Sendable {
    /// How long a challenge is valid.
    static let lifetime = Duration.seconds(600)
    /// The most bits, however many accounts are created.
    static let bitsMax = 24
    /// The sign-ups in a period of ``lifetime`` that cost no more than the first.
    static let calm = 16

    private struct State {
        var used = GenerationalStore<String, Void>(capacity: 65_536, lifetime: SignUpChallenges.lifetime)
        var start: MonotonicInstant?
        var count = 0
        var countBefore = 0
    }

    private let state = Mutex(State())
    private let key: [UInt8]
    private let bits: Int
    private let clock: LimitClock

    /// - Parameter bits: the zero bits that the first sign-ups take.
    init(bits: Int, clock: LimitClock = .system) {
        key = RandomBytes.generate(32)
        self.bits = bits
        self.clock = clock
    }

    /// A fresh challenge, as hard as the present load demands.
    func issue() -> SignUpChallenge {
        let now = clock.now()
        let bits = state.withLock { state in
            Self.count(&state, now)
            let load = max(state.count, state.countBefore)
            return min(Self.bitsMax, self.bits + (load / Self.calm).bitLength)
        }
        let expiry = (now + Self.lifetime).nanoseconds
        let signed = "\(Base64URL.encode(RandomBytes.generate(12))).\(bits).\(expiry)"
        return SignUpChallenge(
            text: signed + "." + signature(of: signed), bits: bits,
            lifetime: Int(Self.lifetime.components.seconds))
    }

    /// Whether `number` solves a challenge of this server that is valid and was not used. It is used then.
    func accept(_ challenge: String, _ number: Int64) -> Bool {
        let parts = challenge.split(separator: ".", omittingEmptySubsequences: false)
        let now = clock.now()
        guard challenge.utf8.count < 200, parts.count == 4, let bits = Int(parts[1]),
            let expiry = Int64(parts[2]), expiry > now.nanoseconds,
            constantTimeEqual(
                Array(parts[3].utf8),
                Array(signature(of: parts.dropLast().joined(separator: ".")).utf8)),
            number >= 0, ProofOfWork.bits(of: number, for: challenge) >= bits
        else { return false }
        return state.withLock { state in
            guard state.used[challenge] == nil else { return false }
            state.used.update(challenge, default: (), now: now) { _ in }
            Self.count(&state, now)
            state.count += 1
            return true
        }
    }

    /// Begins a new period when the present one is over.
    private static func count(_ state: inout State, _ now: MonotonicInstant) {
        let start = state.start ?? now
        if state.start == nil { state.start = now }
        guard now - start >= lifetime else { return }
        state.countBefore = now - start >= lifetime * 2 ? 0 : state.count
        state.count = 0
        state.start = now
    }

    private func signature(of text: String) -> String {
        Base64URL.encode(Array(HMAC.authenticate(Array(text.utf8), key: key, using: .sha256).prefix(16)))
    }
}

extension Int {
    /// The number of bits that the number takes; 0 for 0.
    fileprivate var bitLength: Int { Int.bitWidth - leadingZeroBitCount }
}
