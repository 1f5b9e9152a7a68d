import ChatSQLite
import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite

/// A database as each version of the server's schema left it, kept in fixtures/schemas.
enum SchemaFixture {
    static let versions = Array(1...StoreMigrations.all.count)

    static func path(_ version: Int) -> String {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("fixtures/schemas/server-v\(version).db").path
    }

    /// Creates the file of a version, once. People have the older files on their disks.
    static func write(_ version: Int) throws {
        let path = path(version)
        guard !FileManager.default.fileExists(atPath: path) else { return }
        let database = try Database(path: path)
        try Migrator.migrate(database, Array(StoreMigrations.all.prefix(version)))
        for sql in contents.prefix(version) { try database.execute(sql) }
        database.checkpoint()
    }

    /// The contents of the databases. A version's entry is inserted into its tables and stays in later
    /// versions. Ana's and Bia's password is "secret1".
    private static let contents = [
        """
        INSERT INTO users(id, name, email, password_hash, search_text, created_at, updated_at) VALUES
            (1, 'Ana Lima', 'ana@exemplo.com',
             '$2b$04$6RoU6P4eCejGjtdWTsuEn.4tNYkd6zvMgEHS7TKSLe/vJYg84RCh2',
             'ana lima' || char(1) || 'ana@exemplo.com', 1795333739000000, 1795333739000000),
            (2, 'Bia Souza', 'bia@exemplo.com',
             '$2b$04$6RoU6P4eCejGjtdWTsuEn.4tNYkd6zvMgEHS7TKSLe/vJYg84RCh2',
             'bia souza' || char(1) || 'bia@exemplo.com', 1795333740000000, 1795333740000000);
        INSERT INTO contacts(id, user_id, contact_user_id, contact_name, created_at) VALUES
            (1, 1, 2, 'Bia ❤️', 1795333741000000);
        INSERT INTO messages(id, sender_id, receiver_id, content, is_read, created_at, temp_id, delivered_at, read_at)
        VALUES
            (1, 1, 2, 'Olá, Bia!', 1, 1795333742000000, 't1', 1795333743000000, 1795333744000000),
            (2, 2, 1, 'Olá! 😀', 0, 1795333745000000, 't1', 1795333746000000, NULL),
            (4, 1, 2, 'Até já', 0, 1795333747000000, NULL, NULL, NULL);
        INSERT INTO changes(user_id, seq, kind, subject_id, peer_id, up_to_id, at) VALUES
            (1, 1, 6, 1, 2, NULL, 1795333741000000),
            (1, 2, 1, 1, 2, NULL, 1795333742000000), (2, 3, 1, 1, 1, NULL, 1795333742000000),
            (2, 4, 3, 2, 1, 1, 1795333744000000), (1, 5, 3, 2, 2, 1, 1795333744000000),
            (2, 6, 1, 2, 1, NULL, 1795333745000000), (1, 7, 1, 2, 2, NULL, 1795333745000000),
            (1, 8, 4, 3, 2, NULL, 1795333746000000), (2, 9, 4, 3, 1, NULL, 1795333746000000),
            (1, 10, 1, 4, 2, NULL, 1795333747000000), (2, 11, 1, 4, 1, NULL, 1795333747000000);
        INSERT INTO push_subscriptions(id, user_id, endpoint, p256dh, auth, created_at, updated_at) VALUES
            (1, 2, 'https://push.example/1',
             'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
             'BTBZMqHH6r4Tts7J_aSIgg', 1795333748000000, 1795333748000000);
        UPDATE server_state SET value = 11 WHERE key = 'change_seq';
        """,
        "UPDATE server_state SET value = 3405691582 WHERE key = 'epoch';",
        """
        INSERT INTO push_queue(id, subscription_id, payload, topic, attempts, next_at, expires_at) VALUES
            (1, 1, CAST('{"title":"Ana"}' AS BLOB), 'ana-bia', 2, 1795333749000000, 1795420149000000);
        """,
        "INSERT INTO change_marks(at, seq) VALUES (1795333740000000, 0);",
        """
        INSERT INTO messages(id, sender_id, receiver_id, content, is_read, created_at) VALUES
            (5, 2, 1, 'Até!', 0, 1795333750000000);
        INSERT INTO recent_changes(seq, user_id, both, kind, subject_id, peer_id, up_to_id, at) VALUES
            (12, 2, 1, 1, 5, 1, NULL, 1795333750000000);
        UPDATE server_state SET value = 13 WHERE key = 'change_seq';
        """,
        // The words of the index are "ana" and "bia", in the index's digits.
        """
        UPDATE users SET folded_email = email;
        INSERT INTO people(rowid, words) VALUES (1, '002p0032002p'), (2, '002q002x002p');
        """,
        "INSERT INTO invitations(code_hash, expires_at, uses_left) VALUES (x'00ff', 1795333740000000, 3);",
        """
        INSERT INTO users(
            id, name, email, password_hash, search_text, created_at, updated_at, folded_email, disabled_at)
        VALUES
            (3, 'Rui', 'rui@exemplo.com', '$2b$04$', 'rui' || char(1) || 'rui@exemplo.com', 1795333741000000,
             1795333741000000, 'rui@exemplo.com', 1795333751000000);
        """,
        """
        INSERT INTO sessions(id, user_id, created_at, last_seen_at, expires_at, ended_at, address, agent) VALUES
            (11, 1, 1795333741000000, 1795333742000000, 1795420141000000, NULL, '192.0.2.1', 'mychat'),
            (12, 1, 1795333743000000, 1795333743000000, 1795420143000000, 1795333744000000, '', '');
        INSERT INTO token_starts(user_id, at) VALUES (2, 1795333745000000);
        """,
    ]
}
