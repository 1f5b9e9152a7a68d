import CCrypt
import ChatCrypto
import Glibc

/// Makes and verifies bcrypt hashes (`$2b$`) with the system's libcrypt.
///
/// Hashing takes a good part of a second by design. Call it through ``PasswordHasher``, never on an event
/// loop.
public enum PasswordHash {
    /// The longest password, in bytes. bcrypt ignores the bytes after that.
    public static let lengthMax = 72

    /// The hash of `password` with a fresh salt; nil when the password is too long or libcrypt refuses.
    ///
    /// - Parameter cost: the binary logarithm of bcrypt's rounds, 4 to 31.
    public static func make(_ password: String, cost: Int) -> String? {
        guard let phrase = phrase(password), let salt = salt(cost: cost) else { return nil }
        return crypt(phrase, setting: salt)
    }

    /// Whether `hash` was made from `password`.
    public static func verify(_ password: String, against hash: String) -> Bool {
        guard let phrase = phrase(password), let made = crypt(phrase, setting: Array(hash.utf8CString))
        else { return false }
        return constantTimeEqual(Array(made.utf8), Array(hash.utf8))
    }

    /// The cost of a hash; nil when the text is not a bcrypt hash.
    static func cost(of hash: String) -> Int? {
        let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[1].hasPrefix("2"), let cost = Int(parts[2]), (4...31).contains(cost)
        else { return nil }
        return cost
    }

    /// A hash that no password matches, because its digest is all zeros.
    static func decoy(cost: Int) -> String {
        let digits = cost < 10 ? "0\(cost)" : "\(cost)"
        return "$2b$\(digits)$" + String(repeating: ".", count: 53)
    }

    /// The password as a C string. NUL becomes C0 80, which no UTF-8 text contains. libcrypt would stop at
    /// NUL and treat two passwords that differ only after it as equal.
    private static func phrase(_ password: String) -> [CChar]? {
        var bytes: [UInt8] = []
        for byte in password.utf8 {
            if byte == 0 { bytes += [0xC0, 0x80] } else { bytes.append(byte) }
        }
        guard bytes.count <= lengthMax else { return nil }
        return bytes.map { CChar(bitPattern: $0) } + [0]
    }

    private static func salt(cost: Int) -> [CChar]? {
        let random = RandomBytes.generate(16).map { CChar(bitPattern: $0) }
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        // To libcrypt, zero means its own default cost.
        guard (4...31).contains(cost), let rounds = UInt(exactly: cost),
            crypt_gensalt_rn("$2b$", rounds, random, CInt(random.count), &setting, CInt(setting.count)) != nil
        else { return nil }
        return setting
    }

    /// Calls crypt_r(3) with its 32 KiB of working memory on the heap. The memory is wiped afterwards.
    private static func crypt(_ phrase: [CChar], setting: [CChar]) -> String? {
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        defer {
            explicit_bzero(data, MemoryLayout<crypt_data>.size)
            data.deallocate()
        }
        memset(data, 0, MemoryLayout<crypt_data>.size)
        guard let hash = crypt_r(phrase, setting, data) else { return nil }
        let text = String(cString: hash)
        // libcrypt reports a bad setting by returning a text that is not a hash.
        return text.hasPrefix("$2") ? text : nil
    }
}
