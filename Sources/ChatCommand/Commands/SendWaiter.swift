import ChatClientCore
import ChatNet
import ChatWire

/// Waits for the outcome of one message. It stops early when the link cannot come up without the person's help.
struct SendWaiter {
    enum Verdict: Equatable, Sendable {
        case outcome(SendOutcome)
        /// The link is in a state in which waiting is useless; the message stays in the outbox.
        case stopped(LinkState)
        case failed(ChatError)
    }

    let client: ChatClient
    /// The client's changes, from before the message was entered.
    let changes: AsyncStream<ChatChange>
    /// Whether the first failure to connect ends the wait.
    let givesUpOffline: Bool

    /// How long another program may take to start with a message.
    private static let neglectMax = Duration.seconds(2)

    func wait(for tempID: TempID, timeout: Duration) async -> Verdict {
        // A stopped program with the link sends nothing and cannot be told.
        if givesUpOffline, let holder = await client.linkHolder(), holder.isStopped {
            return .stopped(.offline(reason: .notStarted, nextTry: nil))
        }
        let (verdicts, continuation) = AsyncStream<Verdict>.makeStream()
        let client = client
        let changes = changes
        let givesUpOffline = givesUpOffline
        let outcome = Task {
            do throws(ChatError) {
                continuation.yield(.outcome(try await client.outbox.outcome(of: tempID, timeout: timeout)))
            } catch {
                continuation.yield(.failed(error))
            }
        }
        let watch = Task {
            for await change in changes {
                if case .link(let link) = change, Self.isHopeless(link, givesUpOffline: givesUpOffline) {
                    continuation.yield(.stopped(link))
                }
            }
        }
        let neglect = Task {
            guard givesUpOffline, (try? await Task.sleep(for: Self.neglectMax)) != nil else { return }
            // The program that holds the link may have been stopped.
            if await client.outbox.isNeglected(tempID) {
                continuation.yield(.stopped(await client.linkState))
            }
        }
        defer {
            neglect.cancel()
            outcome.cancel()
            watch.cancel()
        }
        for await verdict in verdicts {
            // A queued message whose link never came up did not time out: there was no server.
            if verdict == .outcome(.queued) {
                let link = await client.linkState
                return link == .online ? verdict : .stopped(link)
            }
            return verdict
        }
        return .stopped(await client.linkState)
    }

    /// True when waiting will not bring the link up.
    static func isHopeless(_ link: LinkState, givesUpOffline: Bool) -> Bool {
        switch link {
        case .online, .connecting: false
        case .signedOut, .refused: true
        case .inUseElsewhere: true
        case .offline(.notStarted, _): false
        case .offline(.network(let error), _): givesUpOffline || error.kind != .transient
        case .offline: givesUpOffline
        }
    }
}
