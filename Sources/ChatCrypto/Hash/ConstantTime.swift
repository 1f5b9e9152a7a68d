import COpenSSL

/// Whether two byte strings are equal. The time depends only on their lengths, so use it for codes, tokens and
/// everything else that somebody might guess byte by byte.
public func constantTimeEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    let left = Array(left)
    let right = Array(right)
    guard left.count == right.count else { return false }
    return CRYPTO_memcmp(left, right, left.count) == 0
}
