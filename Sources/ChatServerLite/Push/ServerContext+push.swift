import ChatWire
import Logging

extension ServerContext {
    /// Starts pushing: the deliveries on disk, and each message whose receiver is away.
    func startPushing() async {
        // Only the recorded behaviour suppresses repetitions.
        let counts = configuration.behaviour.realtime.suppressesRepeatedPushes
        if counts { await push.onTry { [hub] delivery in hub.tell { $0.pushWasTried(delivery) } } }
        await hub.onMissedMessage { [store, push, hub, logger, blocked] message, sender in
            guard !blocked.contains(message.receiverID) else { return }
            let command = QueuePush(
                user: message.receiverID, payload: PushPayload.message(message.content, from: sender),
                topic: push.topic(sender.id, message.receiverID))
            store.submit(command) { result in
                let deliveries = (try? result.get()) ?? []
                // The hub gets this before any attempt at one of the deliveries.
                if counts { hub.tell { $0.pushWasQueued(message, as: deliveries) } }
                if !deliveries.isEmpty { push.wake() }
                switch result {
                // The storage has already logged it.
                case .success: break
                case .failure(let error) where error.failure == .gone: break
                case .failure(let error):
                    logger.warning("a push could not be queued", metadata: ["cause": "\(error)"])
                }
            }
        }
        push.wake()
    }
}
