import ChatWire
import Logging

extension ServerContext {
    /// Pushes from now on: what waited on the disk, and each message that finds its receiver away.
    func startPushing() async {
        await hub.onMissedMessage { [store, push, logger] message, sender in
            let command = QueuePush(
                user: message.receiverID, payload: PushPayload.message(message.content, from: sender),
                topic: push.topic(sender.id, message.receiverID))
            store.submit(command) { result in
                switch result {
                case .success(0): break
                case .success: push.wake()
                // The storage has logged it, once.
                case .failure(let error) where error.failure == .gone: break
                case .failure(let error):
                    logger.warning("a push could not be queued", metadata: ["cause": "\(error)"])
                }
            }
        }
        push.wake()
    }
}
