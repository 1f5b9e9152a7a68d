import ChatWire

/// The routes of Web Push: the server's key, subscriptions, and test pushes.
enum PushRoutes {
    static let all = [
        Route(publicKey), Route(subscribe, limit: .subscriptions), Route(unsubscribe), Route(test),
    ]

    @Sendable
    private static func publicKey(
        _ call: RouteCall<API.VAPIDPublicKey>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.VAPIDPublicKey> {
        let key = context.push.publicKey
        return Reply(key) { writer in
            // The documentation's snippet for web pages expects the key here.
            if !context.configuration.behaviour.capabilities.isEmpty {
                writer.member(API.VAPIDPublicKey.key, key)
            }
        }
    }

    @Sendable
    private static func subscribe(
        _ call: RouteCall<API.Subscribe>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Subscribe> {
        guard let json = try call.body()[API.Subscribe.subscription] else { throw .refused(.invalidData) }
        let subscription: PushSubscription
        do {
            subscription = try PushSubscription(
                PushSubscriptionForm(lenient: json), allowsPrivate: context.push.allowsPrivateEndpoints)
        } catch {
            throw .refused(error)
        }
        let replaced = try await context.perform(
            Subscribe(
                user: user.id, subscription: subscription,
                rewrites: context.configuration.behaviour.push.rewritesSubscriptions))
        for id in replaced { await context.push.forget(id) }
        return Reply(message: "Subscription salva com sucesso")
    }

    @Sendable
    private static func unsubscribe(
        _ call: RouteCall<API.Unsubscribe>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Unsubscribe> {
        guard let value = try? call.body()[API.Unsubscribe.endpoint] else {
            throw .refused(.endpointMissing)
        }
        guard let endpoint = value.stringValue else { throw .refused(.subscriptionNotRemoved) }
        let id = try await context.perform(Unsubscribe(user: user.id, endpoint: endpoint))
        await context.push.forget(id)
        return Reply(message: "Subscription removida com sucesso")
    }

    @Sendable
    private static func test(
        _ call: RouteCall<API.TestPush>, _ user: User, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.TestPush> {
        guard context.pushTrials.begin(user.id) else { throw .tooMany(retryAfter: 2) }
        defer { context.pushTrials.end(user.id) }
        let subscriptions = try await routing { () async throws(StoreError) in
            try await context.store.read { view in
                try view.subscriptions(of: user.id)
            }
        }
        let successes = context.configuration.behaviour.push.successes
        var verdicts: [PushVerdict] = []
        var isDelivered = false
        for (id, status) in await statuses(of: subscriptions, context) {
            switch status {
            case successes: isDelivered = true
            // The person is present and can subscribe again, so a subscription that was made for another key
            // is removed too.
            case 401, 403, 404, 410: verdicts.append(.prune(id))
            default: break
            }
        }
        if !verdicts.isEmpty { _ = try await context.perform(SettlePushes(verdicts: verdicts)) }
        guard isDelivered else { throw .refused(.noSubscriptionWorks) }
        return Reply(message: "Notificação enviada")
    }

    /// The status codes with which push services answer the test. Services without an answer are left out.
    /// Only a few are asked at a time.
    private static func statuses(
        of subscriptions: [SubscriptionID: PushSubscription], _ context: ServerContext
    ) async -> [(SubscriptionID, Int)] {
        let lifetime = context.configuration.behaviour.push.testLifetime
        return await withTaskGroup(of: (SubscriptionID, PushSender.Answer).self) { group in
            var waiting = subscriptions.sorted { $0.key < $1.key }[...]
            var answers: [(SubscriptionID, Int)] = []
            func startNext() {
                guard let (id, subscription) = waiting.popFirst() else { return }
                group.addTask {
                    let answer = await context.push.send(
                        PushPayload.test(), topic: nil, lifetime: lifetime, to: subscription)
                    return (id, answer)
                }
            }
            for _ in 0..<PushTrials.pushesMax { startNext() }
            for await (id, answer) in group {
                if case .response(let response) = answer { answers.append((id, response.status)) }
                startNext()
            }
            return answers
        }
    }
}
