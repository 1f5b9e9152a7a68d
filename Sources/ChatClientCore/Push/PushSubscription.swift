import ChatCrypto
import ChatNet
import ChatWire
import Glibc

extension ChatClient {
    /// This machine's subscription to pushes.
    public nonisolated var pushes: PushSubscription { PushSubscription(client: self) }
}

/// This machine's subscription to pushes (Web Push) for the account.
public struct PushSubscription: Sendable {
    let client: ChatClient

    /// Subscribes the account to pushes on this machine, and receives them until ``close(_:)``.
    ///
    /// A subscription that an earlier run could not end is ended first.
    ///
    /// - Throws: `ChatError.refused` when the server does not push to this machine.
    nonisolated(nonsending) public func open() async throws(ChatError) -> PushReceiver {
        try await open(on: client)
    }

    private func open(on client: isolated ChatClient) async throws(ChatError) -> PushReceiver {
        guard let session = client.session else { throw .notSignedIn }
        _ = try? await unsubscribe(session, on: client)
        let text = try await session.call(API.vapidPublicKey(), on: client)
        guard let point = try? Base64URL.decode(text, padding: .optional),
            let serverKey = try? P256PublicKey(point: point)
        else { throw .unexpectedAnswer("no public key for pushes") }
        let keys = PushKeys()
        let receiver: PushReceiver
        do {
            receiver = try PushReceiver(keys: keys, serverKey: serverKey, thread: client.thread)
        } catch {
            throw .network(error)
        }
        // Written before the server knows about it, so that it can be ended whatever happens.
        try FileBytes.replace(session.files.pushEndpoint, with: Array(receiver.endpoint.utf8))
        await receiver.start()
        do throws(ChatError) {
            try await session.call(
                API.subscribe(
                    endpoint: receiver.endpoint, publicKey: keys.publicText, secret: keys.secretText),
                on: client)
        } catch {
            await receiver.stop()
            unlink(session.files.pushEndpoint)
            throw error
        }
        return receiver
    }

    /// Ends the subscription and the receiver.
    nonisolated(nonsending) public func close(_ receiver: PushReceiver) async throws(ChatError) {
        await receiver.stop()
        try await endIfSignedIn(on: client)
    }

    private func endIfSignedIn(on client: isolated ChatClient) async throws(ChatError) {
        guard let session = client.session else { return }
        _ = try await unsubscribe(session, on: client)
    }

    /// Ends this machine's subscription for the account; false when there is none.
    @discardableResult
    nonisolated(nonsending) public func end() async throws(ChatError) -> Bool {
        try await end(on: client)
    }

    private func end(on client: isolated ChatClient) async throws(ChatError) -> Bool {
        guard let session = client.session else { throw .notSignedIn }
        return try await unsubscribe(session, on: client)
    }

    /// Makes the server push a notification to all subscriptions of the account now.
    ///
    /// - Throws: `ChatError.refused` when none of them accepts it.
    nonisolated(nonsending) public func test() async throws(ChatError) {
        try await test(on: client)
    }

    private func test(on client: isolated ChatClient) async throws(ChatError) {
        guard let session = client.session else { throw .notSignedIn }
        try await session.call(API.testPush(), on: client)
    }

    private func unsubscribe(
        _ session: AccountSession, on client: isolated ChatClient
    ) async throws(ChatError) -> Bool {
        let path = session.files.pushEndpoint
        guard let bytes = try FileBytes.read(path) else { return false }
        var isKnown = true
        do throws(ChatError) {
            try await session.call(
                API.unsubscribe(endpoint: String(decoding: bytes, as: UTF8.self)), on: client)
        } catch .refused {
            // The server has already dropped it.
            isKnown = false
        }
        unlink(path)
        return isKnown
    }
}
