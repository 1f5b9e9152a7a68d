import ChatSQLite
import Logging

/// What the program that holds the link leaves in the cache for those that watch: the state of the link, and who is
/// connected. These notes are only hints, so a failure to write them is logged and nothing more.
struct HolderNotes {
    let store: ChatStore
    let logger: Logger

    init(_ context: EngineContext) {
        store = context.store
        logger = context.logger
    }

    // A cache that cannot be read shows itself in every other call.

    /// The state of the link in the program that holds it.
    var linkState: LinkState {
        switch (try? store.meta.text(.holderLink)).flatMap({ $0 }) {
        case "online": .online
        case "connecting": .connecting
        case "in use elsewhere": .inUseElsewhere
        case "refused": .refused
        default: .offline(reason: .notStarted, nextTry: nil)
        }
    }

    /// Who is connected, as far as the program that holds the link knows.
    var presence: PresenceBook {
        guard linkState == .online else { return PresenceBook() }
        return PresenceBook(published: (try? store.meta.text(.holderPresence)).flatMap { $0 } ?? "")
    }

    func publish(_ state: LinkState) {
        let word =
            switch state {
            case .online: "online"
            case .connecting: "connecting"
            case .inUseElsewhere: "in use elsewhere"
            case .refused: "refused"
            case .offline, .signedOut: "offline"
            }
        do throws(SQLiteError) {
            if try store.meta.text(.holderLink) != word { try store.meta.set(.holderLink, to: word) }
        } catch {
            logger.debug("the link state was not published", metadata: ["error": "\(error)"])
        }
    }

    /// - Parameter presence: ``PresenceBook/published``.
    func publish(presence: String) {
        do throws(SQLiteError) {
            try store.meta.set(.holderPresence, to: presence)
        } catch {
            logger.debug("the presence was not published", metadata: ["error": "\(error)"])
        }
    }
}
