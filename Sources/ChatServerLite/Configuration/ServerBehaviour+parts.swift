import ChatWire

// Each part has a value for every way in which the real server, as recorded, differs from ours. Ours is the default.
extension ServerBehaviour {
    /// Sockets of one user, presence, and what events are answered with.
    public struct Realtime: Equatable, Sendable {
        /// A user's newest socket displaces the others, and everybody hears who comes and goes.
        public var newestSocketDisplaces = false
        /// Events are handled as recorded: ids keep their JSON types, and what breaks a handler gets no answer.
        public var handlesEventsAsRecorded = false
        /// Each session must send its CONNECT in time.
        public var limitsConnectTime = true
        /// Sessions close without a code after a goodbye, and with an internal error after silence.
        public var closesAsRecorded = false
        /// Polling by script elements (JSONP) is answered.
        public var answersJSONP = false
        /// A POST of polling is accepted with `OK` instead of the protocol's `ok`.
        public var acceptsPostsInCapitals = false
        /// Browsers get the header fields of the real server's libraries.
        public var allowsOriginsAsRecorded = false
        /// An equal text to the same receiver is pushed once within a second.
        public var suppressesRepeatedPushes = false

        public static let extended = Realtime()
        public static let recorded = Realtime(
            newestSocketDisplaces: true, handlesEventsAsRecorded: true, limitsConnectTime: false,
            closesAsRecorded: true, answersJSONP: true, acceptsPostsInCapitals: true,
            allowsOriginsAsRecorded: true, suppressesRepeatedPushes: true)
    }

    /// What accounts, tokens, searches, contacts and messages may look like, and how ids come back.
    public struct Rules: Equatable, Sendable {
        /// A password that bcrypt would not read to its end is refused. Otherwise the rest is ignored.
        public var refusesLongPasswords = true
        /// Names must show something, and addresses must be addresses.
        public var checksNames = true
        /// `aná@` is another account than `ana@`.
        public var distinguishesAccents = true
        /// A failed sign-in does not say whether the account exists.
        public var hidesAccounts = true
        /// A token is good for the account that it was made for, and not for one made later under the same number;
        /// a clock that was set back since does not matter.
        public var bindsTokensToAccounts = true
        /// In a search for people, `%` and `_` stand for other text.
        public var searchesByPattern = false
        /// Times have whole seconds.
        public var countsWholeSeconds = false
        /// Ids that are texts are not compared as numbers, and come back as they were sent.
        public var echoesIDs = false
        /// A contact cannot get the name that it has.
        public var refusesUnchangedNames = false
        /// Numbers that were lost with a restored backup are not used again.
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
        /// A subscription that exists is written over, by its own user only.
        public var rewritesSubscriptions = false
        /// How long a push service may hold a test, in seconds: one that comes later is of no use.
        public var testLifetime: Int64 = 60
        /// The statuses of a push service that count as a success.
        public var successes = 200...299
        /// Pushes tell their urgency, and replace older ones of the same conversation.
        public var tellsUrgency = true

        public static let extended = Push()
        public static let recorded = Push(
            rewritesSubscriptions: true, testLifetime: QueuePush.lifetime, successes: 200...201,
            tellsUrgency: false)
    }
}
