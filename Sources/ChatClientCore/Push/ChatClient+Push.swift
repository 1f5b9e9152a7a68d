import ChatCrypto
import ChatNet
import ChatWire
import Glibc

// Web Push: this machine's subscription for the account.
extension ChatClient {
    /// Subscribes the account to pushes on this machine, and receives them until ``closePushReceiver(_:)``.
    ///
    /// A subscription that an earlier run could not end is ended first.
    ///
    /// - Throws: `ChatError.refused` when the server does not push to this machine.
    public func openPushReceiver() async throws(ChatError) -> PushReceiver {
        guard let session else { throw .notSignedIn }
        _ = try? await unsubscribe(session)
        let text = try await authorizedCall(API.vapidPublicKey(), of: session)
        guard let point = try? Base64URL.decode(text, padding: .optional),
            let serverKey = try? P256PublicKey(point: point)
        else { throw .unexpectedAnswer("no public key for pushes") }
        let keys = PushKeys()
        let receiver: PushReceiver
        do {
            receiver = try PushReceiver(keys: keys, serverKey: serverKey, thread: thread)
        } catch {
            throw .network(error)
        }
        // Written before the server knows about it, so that it can be ended whatever happens.
        try FileBytes.replace(session.files.pushEndpoint, with: Array(receiver.endpoint.utf8))
        await receiver.start()
        do throws(ChatError) {
            try await authorizedCall(
                API.subscribe(
                    endpoint: receiver.endpoint, publicKey: keys.publicText, secret: keys.secretText),
                of: session)
        } catch {
            await receiver.stop()
            unlink(session.files.pushEndpoint)
            throw error
        }
        return receiver
    }

    /// Ends the subscription and the receiver.
    public func closePushReceiver(_ receiver: PushReceiver) async throws(ChatError) {
        await receiver.stop()
        guard let session else { return }
        _ = try await unsubscribe(session)
    }

    /// Ends this machine's subscription for the account; false when there is none.
    @discardableResult
    public func unsubscribeFromPushes() async throws(ChatError) -> Bool {
        guard let session else { throw .notSignedIn }
        return try await unsubscribe(session)
    }

    /// Makes the server push a notification to all subscriptions of the account now.
    ///
    /// - Throws: `ChatError.refused` when none of them accepts it.
    public func testPushes() async throws(ChatError) {
        guard let session else { throw .notSignedIn }
        try await authorizedCall(API.testPush(), of: session)
    }

    private func unsubscribe(_ session: AccountSession) async throws(ChatError) -> Bool {
        let path = session.files.pushEndpoint
        guard let bytes = try FileBytes.read(path) else { return false }
        var isKnown = true
        do throws(ChatError) {
            try await authorizedCall(
                API.unsubscribe(endpoint: String(decoding: bytes, as: UTF8.self)), of: session)
        } catch .refused {
            // The server has already dropped it.
            isKnown = false
        }
        unlink(path)
        return isKnown
    }
}
