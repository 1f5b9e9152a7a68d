import ChatSQLite

/// The history of the cache's schema. A released step is never changed; a new step follows it.
enum Schema {
    static let migrations: [Migration] = [
        Migration("messages, people, outbox", sql: messagesAndOutbox),
        Migration("search", sql: searchIndex + searchQueues),
        Migration("pins, and wishes of the person", sql: pinsAndWishes),
        Migration("when messages were delivered and read", sql: receiptTimes),
        Migration("what was unread in a deleted conversation", sql: unreadWhenDeleted),
        Migration("histories of former servers", sql: formerServers),
        Migration("what pages prove", sql: proofs),
        Migration("where messages were sent, and words that fold alike", sql: origins + searchAnew),
        Migration("an index that no query used", sql: unusedIndex),
    ]

    /// `messages.position` is the server id of a sent message, and above `TimelinePosition.firstUnsent` for an unsent
    /// one, so that one index yields a conversation in order. `messages.state` holds `StoredState`; `outbox.state`
    /// holds `OutboxState`. `conversations.read_is_pending` is the number of messages that were read here while the
    /// server, which does not know, counts them as unread. `unread_not_cached` is negative when the server counts fewer
    /// than the cache holds. The index `messages_open` covers the few rows whose state can still rise.
    private static let messagesAndOutbox = """
        CREATE TABLE meta (
            key TEXT PRIMARY KEY NOT NULL,
            value
        ) WITHOUT ROWID;

        CREATE TABLE people (
            user_id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            email TEXT,
            contact_id INTEGER,
            contact_name TEXT,
            last_seen INTEGER
        );

        CREATE TABLE messages (
            row_id INTEGER PRIMARY KEY AUTOINCREMENT,
            peer_id INTEGER NOT NULL,
            position INTEGER NOT NULL,
            server_id INTEGER UNIQUE,
            sender_id INTEGER NOT NULL,
            temp_id TEXT,
            content TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            state INTEGER NOT NULL
        );
        CREATE UNIQUE INDEX messages_by_position ON messages (peer_id, position);
        CREATE UNIQUE INDEX messages_by_temp_id ON messages (sender_id, temp_id) WHERE temp_id IS NOT NULL;
        CREATE INDEX messages_open ON messages (peer_id, position) WHERE state IN (0, 2, 3);

        CREATE TABLE outbox (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            row_id INTEGER NOT NULL UNIQUE REFERENCES messages (row_id) ON DELETE CASCADE,
            peer_id INTEGER NOT NULL,
            temp_id TEXT NOT NULL UNIQUE,
            state INTEGER NOT NULL,
            entered_at INTEGER NOT NULL,
            known_id INTEGER,
            is_cancelled INTEGER NOT NULL DEFAULT 0,
            failure TEXT
        );

        CREATE TABLE conversations (
            peer_id INTEGER PRIMARY KEY,
            last_row_id INTEGER,
            last_time INTEGER,
            server_preview TEXT,
            server_time INTEGER,
            unread INTEGER NOT NULL DEFAULT 0,
            unread_not_cached INTEGER NOT NULL DEFAULT 0,
            read_to INTEGER NOT NULL DEFAULT 0,
            read_is_pending INTEGER NOT NULL DEFAULT 0,
            peer_read_to INTEGER NOT NULL DEFAULT 0,
            peer_delivered_to INTEGER NOT NULL DEFAULT 0,
            cleared_to INTEGER NOT NULL DEFAULT 0,
            contiguous_to INTEGER,
            fetched_limit INTEGER NOT NULL DEFAULT 0,
            was_opened INTEGER NOT NULL DEFAULT 0,
            draft TEXT
        );
        CREATE INDEX conversations_pending_read ON conversations (peer_id) WHERE read_is_pending = 1;

        CREATE TABLE gaps (
            peer_id INTEGER NOT NULL,
            before_id INTEGER NOT NULL,
            after_id INTEGER NOT NULL,
            PRIMARY KEY (peer_id, before_id)
        ) WITHOUT ROWID;

        CREATE TABLE tombstones (
            server_id INTEGER PRIMARY KEY
        );

        CREATE TABLE pending_deletions (
            server_id INTEGER PRIMARY KEY,
            peer_id INTEGER NOT NULL
        );
        """

    /// The words of all sent messages, by server id. It holds only which message has which word, in the smallest form
    /// that FTS5 offers. The words are folded and separated by spaces (`SearchWordScanner`). A search compares what it
    /// finds with the message itself.
    static let searchIndex = """
        CREATE VIRTUAL TABLE message_search USING fts5 (
            words, content = '', columnsize = 0, detail = none, tokenize = 'ascii', prefix = '2 3'
        );

        """

    /// The queues and triggers through which changes reach the index; see `SearchIndex`.
    private static let searchQueues = """
        INSERT INTO meta (key, value) VALUES ('search_indexed_to', 0);

        CREATE TABLE search_removals (
            server_id INTEGER PRIMARY KEY,
            peer_id INTEGER NOT NULL,
            content TEXT NOT NULL
        );
        CREATE TABLE search_additions (
            row_id INTEGER PRIMARY KEY
        );

        CREATE TRIGGER search_after_delete AFTER DELETE ON messages
        WHEN old.server_id IS NOT NULL
            AND old.row_id <= (SELECT value FROM meta WHERE key = 'search_indexed_to')
        BEGIN
            INSERT INTO search_removals (server_id, peer_id, content)
            SELECT old.server_id, old.peer_id, old.content
            WHERE NOT EXISTS (SELECT 1 FROM search_additions WHERE row_id = old.row_id);
            DELETE FROM search_additions WHERE row_id = old.row_id;
        END;

        CREATE TRIGGER search_after_update AFTER UPDATE OF server_id, peer_id, content ON messages
        WHEN old.row_id <= (SELECT value FROM meta WHERE key = 'search_indexed_to')
            AND (old.server_id IS NOT new.server_id OR old.peer_id <> new.peer_id
                OR old.content <> new.content)
        BEGIN
            INSERT INTO search_removals (server_id, peer_id, content)
            SELECT old.server_id, old.peer_id, old.content
            WHERE old.server_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM search_additions WHERE row_id = old.row_id);
            INSERT OR IGNORE INTO search_additions (row_id)
            SELECT new.row_id WHERE new.server_id IS NOT NULL;
        END;
        """

    /// What the person wants, until the server has done it. `contact_wishes` has the state that one contact is to have;
    /// `version` rises with each wish.
    private static let pinsAndWishes = """
        ALTER TABLE conversations ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE conversations ADD COLUMN is_muted INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE contact_wishes (
            user_id INTEGER PRIMARY KEY,
            is_wanted INTEGER NOT NULL,
            name TEXT,
            version INTEGER NOT NULL
        );

        CREATE TABLE pending_conversation_deletions (
            peer_id INTEGER PRIMARY KEY,
            up_to INTEGER NOT NULL,
            known_time INTEGER NOT NULL,
            cleared_before INTEGER NOT NULL
        );
        """

    /// The times are known for some own messages.
    private static let receiptTimes = """
        ALTER TABLE messages ADD COLUMN delivered_at INTEGER;
        ALTER TABLE messages ADD COLUMN read_at INTEGER;
        """

    /// The number of unread messages that the person deleted with the conversation, which are not news.
    private static let unreadWhenDeleted = """
        ALTER TABLE pending_conversation_deletions ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
        """

    /// The histories of former servers; see `FormerHistories`. `messages.former_id` is the id that a message had there.
    /// `messages.former` is its era, while it is shown as of that server. `outbox.hold` holds `HeldReason`.
    /// `outbox.era` is the former server that a message was entered for; NULL for the present one. `missing_messages`
    /// has what counts as deleted because a page lacked it, with the text of own messages only.
    private static let formerServers = """
        ALTER TABLE messages ADD COLUMN former_id INTEGER;
        ALTER TABLE messages ADD COLUMN former INTEGER;
        CREATE INDEX messages_former ON messages (former_id) WHERE former_id IS NOT NULL;

        ALTER TABLE outbox ADD COLUMN hold INTEGER;
        ALTER TABLE outbox ADD COLUMN era INTEGER;

        CREATE TABLE missing_messages (
            server_id INTEGER PRIMARY KEY,
            peer_id INTEGER NOT NULL,
            sender_id INTEGER NOT NULL,
            temp_id TEXT,
            content TEXT,
            created_at INTEGER NOT NULL,
            state INTEGER NOT NULL
        );

        CREATE TABLE former_servers (
            era INTEGER PRIMARY KEY,
            reason INTEGER NOT NULL,
            account_email TEXT
        );
        CREATE TABLE former_people (
            user_id INTEGER NOT NULL,
            era INTEGER NOT NULL,
            shown_name TEXT NOT NULL,
            name TEXT NOT NULL,
            email TEXT,
            PRIMARY KEY (user_id, era)
        ) WITHOUT ROWID;
        """

    /// `conversations.short_at`: where the last short page ended; pages end there since `short_since`.
    /// `tombstones.is_doubtful`: the only evidence is a page that lacked the message, so a page that shows it undoes
    /// the deletion. All tombstones from before this step are doubtful. `people.is_missing`: the last list lacked the
    /// contact. `outbox.is_insisted`: the person wants the message sent although the server may have it.
    private static let proofs = """
        ALTER TABLE conversations ADD COLUMN short_at INTEGER;
        ALTER TABLE conversations ADD COLUMN short_since INTEGER;
        ALTER TABLE tombstones ADD COLUMN is_doubtful INTEGER NOT NULL DEFAULT 0;
        UPDATE tombstones SET is_doubtful = 1
        WHERE server_id NOT IN (SELECT server_id FROM pending_deletions);
        ALTER TABLE outbox ADD COLUMN is_insisted INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE people ADD COLUMN is_missing INTEGER NOT NULL DEFAULT 0;
        """

    /// `sent_elsewhere`: an own message that came from the server first, so another device has sent it. Older messages
    /// count as sent from this device, because their origin is unknown. `outbox.is_unfenced`: the last attempt went by
    /// REST to a server that forgets temp_ids, and may still arrive.
    private static let origins = """
        ALTER TABLE messages ADD COLUMN sent_elsewhere INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE missing_messages ADD COLUMN sent_elsewhere INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE outbox ADD COLUMN is_unfenced INTEGER NOT NULL DEFAULT 0;

        """

    /// Words fold differently from this version on, so the index is built again.
    private static let searchAnew = """
        INSERT INTO message_search (message_search) VALUES ('delete-all');
        DELETE FROM search_removals;
        DELETE FROM search_additions;
        UPDATE meta SET value = 0 WHERE key = 'search_indexed_to';
        """

    /// The index covered `read_is_pending = 1`. The query asks for `> 0`, and scans the few conversations.
    private static let unusedIndex = """
        DROP INDEX conversations_pending_read;
        """
}
