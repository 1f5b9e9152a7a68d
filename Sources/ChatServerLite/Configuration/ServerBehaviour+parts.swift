import ChatWire

// Each property is one way in which the real server, as recorded, differs from ours. The defaults are ours.
extension ServerBehaviour {
    /// Sockets, presence, and the answers to events.
    public struct Realtime: Equatable, Sendable {
        /// A user's newest socket displaces the older ones, and everybody hears of arrivals and departures.
        public var newestSocketDisplaces = false
        /// Events are handled as recorded. Ids keep their JSON types, and an event that breaks a handler gets
        /// no answer.
        public var handlesEventsAsRecorded = false
        /// A session must send its CONNECT in time.
        public var limitsConnectTime = true
        /// A connection ends with its token. The real server looks at the token once.
        public var endsWithToken = true
        /// After a goodbye a session closes without a code; after silence it closes with an internal error.
        public var closesAsRecorded = false
        /// Polling by script elements (JSONP) is supported.
        public var answersJSONP = false
        /// The answer to a polling POST is `OK` instead of the protocol's `ok`.
        public var acceptsPostsInCapitals = false
        /// Browsers get the header fields that the real server's libraries send.
        public var allowsOriginsAsRecorded = false
        /// The same text to the same receiver is pushed at most once per second.
        public var suppressesRepeatedPushes = false

        public static let extended = Realtime()
        public static let recorded = Realtime(
            newestSocketDisplaces: true, handlesEventsAsRecorded: true, limitsConnectTime: false,
            endsWithToken: false, closesAsRecorded: true, answersJSONP: true, acceptsPostsInCapitals: true,
            allowsOriginsAsRecorded: true, suppressesRepeatedPushes: true)
    }

    /// The rules for accounts, tokens, searches, contacts and messages, and the form of ids in answers.
    public struct Rules: Equatable, Sendable {
        /// A password longer than bcrypt reads is refused. Otherwise the excess is ignored.
        public var refusesLongPasswords = true
        /// A name must have a visible character, and an address must have the form of one.
        public var checksNames = true
        /// `aná@` and `ana@` are different accounts.
        public var distinguishesAccents = true
        /// The answer to a failed sign-in does not reveal whether the account exists.
        public var hidesAccounts = true
        /// A token is valid only for the account that it was issued for, and not for a later account with the
        /// same id. It stays valid when the clock is set back.
        public var bindsTokensToAccounts = true
        /// In a search for people, `%` and `_` are wildcards.
        public var searchesByPattern = false
        /// Times are whole seconds.
        public var countsWholeSeconds = false
        /// Ids that arrive as text are not compared as numbers, and answers repeat them as they were sent.
        public var echoesIDs = false
        /// Renaming a contact to its current name is an error.
        public var refusesUnchangedNames = false
        /// Ids that were lost when a backup was restored are not used again.
        public var skipsLostNumbers = true

        public static let extended = Rules()
        public static let recorded = Rules(
            refusesLongPasswords: false, checksNames: false, distinguishesAccents: false,
            hidesAccounts: false,
            bindsTokensToAccounts: false, searchesByPattern: true, countsWholeSeconds: true, echoesIDs: true,
            refusesUnchangedNames: true, skipsLostNumbers: false)
    }

    /// Who may subscribe to Web Push, what is pushed, and how.
    public struct Push: Equatable, Sendable {
        /// Subscribing again updates the existing subscription, and only for the user that owns it.
        public var rewritesSubscriptions = false
        /// How long a push service may hold a test push, in seconds. A later test is useless.
        public var testLifetime: Int64 = 60
        /// The status codes of a push service that count as success.
        public var successes = 200...299
        /// A push carries its urgency and replaces older pushes of the same conversation.
        public var tellsUrgency = true

        public static let extended = Push()
        public static let recorded = Push(
            rewritesSubscriptions: true, testLifetime: QueuePush.lifetime, successes: 200...201,
            tellsUrgency: false)
    }
}
