import ChatSQLite
import ChatWire

/// Single facts about the cache, each under a name: the cursor, the account, what the server can do.
struct MetaTable {
    let database: Database

    /// A number kept under a name.
    func number(_ key: MetaKey) throws(SQLiteError) -> Int64? {
        try database.first("SELECT value FROM meta WHERE key = ?", key.rawValue) { $0.optionalInt64(0) }
            ?? nil
    }

    /// A text kept under a name.
    func text(_ key: MetaKey) throws(SQLiteError) -> String? {
        try database.first("SELECT value FROM meta WHERE key = ?", key.rawValue) { $0.optionalString(0) }
            ?? nil
    }

    func set(_ key: MetaKey, to value: (any SQLiteBindable)?) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO meta (key, value) VALUES (?, ?)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """,
            key.rawValue, value)
    }
}

/// The names of the small facts in `meta`.
enum MetaKey: String {
    /// The place in the server's stream of changes up to which everything is in the cache.
    case cursor
    /// Set while the stream of changes is followed from the beginning of all messages on.
    case streamIsWhole = "stream_is_whole"
    /// The capabilities that the server announced last, separated by spaces.
    case capabilities
    /// The link state of the program that holds the link, for those that watch.
    case holderLink = "holder_link"
    /// Who is connected, as the program that holds the link knows it, in the words of `PresenceBook`.
    case holderPresence = "holder_presence"
    /// Which database the server has, in its own word.
    case epoch
    /// Whose cache this is: as the server told at the sign-in and since.
    case accountName = "account_name"
    case accountEmail = "account_email"
    case accountMade = "account_made"
    /// The person's number in the cache that this one has taken over.
    case inheritedFrom = "inherited_from"
    /// The transport that got through to the server last, where it is not the usual one, and when.
    case transport
    /// The version given to a wish last.
    case wishVersion = "wish_version"
    /// The highest row of which the search index knows, as of all before it.
    case searchIndexedTo = "search_indexed_to"
}
