import ChatSQLite
import ChatWire

/// Single facts about the cache, each under a key: the cursor, the account, the capabilities of the server.
struct MetaTable {
    let database: Database

    /// The number under a key; nil when there is none.
    func number(_ key: MetaKey) throws(SQLiteError) -> Int64? {
        try database.first("SELECT value FROM meta WHERE key = ?", key.rawValue) { $0.optionalInt64(0) }
            ?? nil
    }

    /// The text under a key; nil when there is none.
    func text(_ key: MetaKey) throws(SQLiteError) -> String? {
        try database.first("SELECT value FROM meta WHERE key = ?", key.rawValue) { $0.optionalString(0) }
            ?? nil
    }

    /// Stores a value under a key; nil removes it.
    func set(_ key: MetaKey, to value: (any SQLiteBindable)?) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO meta (key, value) VALUES (?, ?)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """,
            key.rawValue, value)
    }
}

/// The keys of `meta`.
enum MetaKey: String {
    /// The place in the server's stream of changes up to which the cache has everything.
    case cursor
    /// Set while the stream of changes is followed from the first message.
    case streamIsWhole = "stream_is_whole"
    /// The capabilities that the server last announced, separated by spaces.
    case capabilities
    /// The link state of the program that holds the link, for the other programs.
    case holderLink = "holder_link"
    /// Who is connected according to the program that holds the link, in the format of `PresenceBook`.
    case holderPresence = "holder_presence"
    /// The epoch of the server's database.
    case epoch
    /// The owner of the cache, as the server reports it.
    case accountName = "account_name"
    case accountEmail = "account_email"
    case accountMade = "account_made"
    /// The person's user id in the cache that this one has taken over.
    case inheritedFrom = "inherited_from"
    /// The transport that last reached the server, when it is not the default one, and when that was.
    case transport
    /// The version of the newest wish.
    case wishVersion = "wish_version"
    /// The highest row that the search index knows; it knows all rows before.
    case searchIndexedTo = "search_indexed_to"
}
