import ChatCrypto
import ChatWire

/// Turns requests into notifications: it checks the sender, decrypts the content and parses it. It does no I/O.
struct PushInbox: Sendable {
    let keys: PushKeys
    let verifier: VAPIDVerifier
    /// The path of the endpoint, which only the server knows.
    let target: String

    /// The notification in a request.
    ///
    /// - Parameter now: the wall clock, against which the sender's proof is checked.
    func receive(_ request: PushRequest, now: Timestamp) throws(PushRejection) -> ReceivedPush {
        guard request.target == target else { throw .unknownPath }
        guard request.method == "POST" else { throw .wrongMethod }
        do {
            try verifier.check(request.headers["authorization"], now: now)
        } catch {
            throw .unauthorized(error)
        }
        guard request.headers["content-encoding"]?.lowercased() == "aes128gcm",
            let plaintext = try? WebPushMessage.open(request.body, with: keys.key, secret: keys.secret)
        else { throw .unreadable }
        guard let push = ReceivedPush(parsing: plaintext) else { throw .unexpectedContent }
        return push
    }
}
