/// Work that can be checked at once: a number with which the SHA-256 of a challenge begins with many zero bits.
public enum ProofOfWork {
    /// The zero bits at the beginning of the SHA-256 of `CHALLENGE:NUMBER`, the number in decimal.
    public static func bits(of number: Int64, for challenge: String) -> Int {
        let digest = Digest.sha256(Array("\(challenge):\(number)".utf8))
        var bits = 0
        for byte in digest {
            bits += byte.leadingZeroBitCount
            if byte != 0 { break }
        }
        return bits
    }

    /// The smallest number with at least so many zero bits. It takes 2^bits hashes on average.
    ///
    /// - Returns: nil when the task was cancelled.
    public static func solve(_ challenge: String, bits wanted: Int) -> Int64? {
        var number: Int64 = 0
        while bits(of: number, for: challenge) < wanted {
            number += 1
            if number % 4096 == 0, Task.isCancelled { return nil }
        }
        return number
    }

    /// Like ``solve(_:bits:)``, on another thread than the caller's.
    public static func solution(of challenge: String, bits: Int) async -> Int64? {
        let work = Task.detached { solve(challenge, bits: bits) }
        return await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
    }
}
