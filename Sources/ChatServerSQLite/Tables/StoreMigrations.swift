import ChatSQLite

/// The history of the server's schema.
enum StoreMigrations {
    /// Never change a migration that was released; add one.
    static let all = [
        Migration("the tables of the API, and the log of changes", sql: initialSchema),
        Migration("the identity of this database") { (database: Database) throws(SQLiteError) in
            // A cursor of another database must not be mistaken for one of this database.
            try database.execute(
                "INSERT INTO server_state(key, value) VALUES ('epoch', abs(random()) % 4294967296)")
        },
        Migration("the queue of pushes", sql: pushQueue),
        Migration("how far the log of changes was at which time", sql: changeMarks),
        Migration("the newest changes, in the order of their coming", sql: recentChanges),
        Migration("names and addresses folded by Unicode, and an index of them", apply: UserIndex.build),
        Migration("invitations", sql: invitations),
        Migration("accounts that are disabled or deleted", sql: accountStates),
        Migration("sessions", sql: sessions),
    ]

    /// Times are microseconds since 1970, UTC.
    ///
    /// `messages_conversation` finds both directions of a conversation in one range, newest last.
    /// `messages_unread` contains only unread messages, so it stays small. `changes` is clustered by user:
    /// the changes that a user missed are one range, however much others have written.
    private static let initialSchema = """
        CREATE TABLE users(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            email TEXT NOT NULL UNIQUE,
            password_hash TEXT NOT NULL,
            search_text TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        );
        CREATE TABLE contacts(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id INTEGER NOT NULL REFERENCES users(id),
            contact_user_id INTEGER NOT NULL REFERENCES users(id),
            contact_name TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE(user_id, contact_user_id)
        );
        CREATE TABLE messages(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            sender_id INTEGER NOT NULL REFERENCES users(id),
            receiver_id INTEGER NOT NULL REFERENCES users(id),
            content TEXT NOT NULL,
            is_read INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            temp_id TEXT,
            delivered_at INTEGER,
            read_at INTEGER
        );
        CREATE INDEX messages_conversation
            ON messages(min(sender_id, receiver_id), max(sender_id, receiver_id), id);
        CREATE INDEX messages_unread ON messages(receiver_id, sender_id, id) WHERE is_read = 0;
        CREATE UNIQUE INDEX messages_temp_id ON messages(sender_id, temp_id) WHERE temp_id IS NOT NULL;
        CREATE TABLE push_subscriptions(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id INTEGER NOT NULL REFERENCES users(id),
            endpoint TEXT NOT NULL UNIQUE,
            p256dh TEXT NOT NULL,
            auth TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        );
        CREATE INDEX push_subscriptions_user ON push_subscriptions(user_id);
        CREATE TABLE changes(
            user_id INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            subject_id INTEGER NOT NULL,
            peer_id INTEGER NOT NULL,
            up_to_id INTEGER,
            at INTEGER NOT NULL,
            PRIMARY KEY(user_id, seq)
        ) WITHOUT ROWID;
        CREATE TABLE server_state(
            key TEXT PRIMARY KEY,
            value INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO server_state(key, value) VALUES ('change_seq', 0), ('change_floor', 0);
        """

    /// Invitations to create accounts, by the SHA-256 of their codes.
    private static let invitations = """
        CREATE TABLE invitations(
            code_hash BLOB PRIMARY KEY,
            expires_at INTEGER NOT NULL,
            uses_left INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    /// Since when an account is disabled or deleted; null for neither.
    private static let accountStates = """
        ALTER TABLE users ADD COLUMN disabled_at INTEGER;
        ALTER TABLE users ADD COLUMN deleted_at INTEGER;
        """

    /// The sign-ins of accounts. An ended session stays until its tokens have expired. `token_starts` holds from
    /// when on tokens without a session are valid.
    private static let sessions = """
        CREATE TABLE sessions(
            id INTEGER PRIMARY KEY,
            user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
            created_at INTEGER NOT NULL,
            last_seen_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            ended_at INTEGER,
            address TEXT NOT NULL,
            agent TEXT NOT NULL
        );
        CREATE INDEX sessions_user ON sessions(user_id) WHERE ended_at IS NULL;
        CREATE INDEX sessions_ended ON sessions(expires_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX sessions_expiry ON sessions(expires_at);
        CREATE TABLE token_starts(
            user_id INTEGER PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
            at INTEGER NOT NULL
        );
        """

    /// The pushes that wait for a push service. Ids rise and are never reused, so the sender can continue
    /// after the last id it read. `payload` is not encrypted yet.
    private static let pushQueue = """
        CREATE TABLE push_queue(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            subscription_id INTEGER NOT NULL REFERENCES push_subscriptions(id) ON DELETE CASCADE,
            payload BLOB NOT NULL,
            topic TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            next_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        );
        CREATE INDEX push_queue_subscription ON push_queue(subscription_id, id);
        """

    /// Positions of the log at known times. They give the age of an entry without an index over all entries.
    private static let changeMarks = """
        CREATE TABLE change_marks(
            at INTEGER PRIMARY KEY,
            seq INTEGER NOT NULL
        );
        """

    /// The end of the log, before it is moved into `changes`. A row with `both` = 1 stands for two entries:
    /// one of the user with `seq`, and one of the peer with the next number, in which the user is the peer.
    private static let recentChanges = """
        CREATE TABLE recent_changes(
            seq INTEGER PRIMARY KEY,
            user_id INTEGER NOT NULL,
            both INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            subject_id INTEGER NOT NULL,
            peer_id INTEGER NOT NULL,
            up_to_id INTEGER,
            at INTEGER NOT NULL
        );
        """
}
