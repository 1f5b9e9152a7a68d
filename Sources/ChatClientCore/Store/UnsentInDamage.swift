import ChatSQLite
import ChatWire

/// What the person has entered, as far as a damaged cache can be read. An error in the middle of a table loses neither
/// the rows before it nor those after it.
struct UnsentInDamage {
    struct Message {
        let tempID: TempID
        let peer: UserID
        let content: String
        let enteredAt: Timestamp
        let state: OutboxState
        let knownID: MessageID?
    }

    private(set) var messages: [Message] = []
    private(set) var drafts: [UserID: String] = [:]
    /// Whether everything could be read.
    private(set) var isWhole = true

    init(_ database: Database, me: UserID) {
        let entries = rows(
            of: database,
            "SELECT sequence, row_id, temp_id, peer_id, entered_at, state, known_id FROM outbox",
            by: "sequence"
        ) { row in
            (
                row: row.int64(1), tempID: row.string(2), peer: row.int64(3), enteredAt: row.int64(4),
                state: row.int64(5), knownID: row.optionalInt64(6)
            )
        }
        for entry in entries.sorted(by: { $0.key < $1.key }).map(\.value) {
            // A damaged file may yield anything, so the temp_id must be the same in both tables.
            let content = try? database.first(
                "SELECT content FROM messages WHERE row_id = ? AND temp_id = ? AND sender_id = ?", entry.row,
                entry.tempID, me.rawValue
            ) { $0.string(0) }
            guard let content, !content.isEmpty else {
                isWhole = false
                continue
            }
            messages.append(
                Message(
                    tempID: TempID(entry.tempID), peer: UserID(entry.peer), content: content,
                    enteredAt: Timestamp(microseconds: entry.enteredAt),
                    state: OutboxState(rawValue: entry.state) ?? .held,
                    knownID: entry.knownID.map { MessageID($0) }))
        }
        let texts = rows(
            of: database, "SELECT peer_id, draft FROM conversations WHERE draft IS NOT NULL", by: "peer_id"
        ) { $0.string(1) }
        for (peer, text) in texts where !text.isEmpty { drafts[UserID(peer)] = text }
    }

    /// The rows of a table by their key, read from both ends up to the damage.
    private mutating func rows<Row>(
        of database: Database, _ query: String, by key: String, map: (Statement) -> Row
    ) -> [Int64: Row] {
        var found: [Int64: Row] = [:]
        for direction in ["ASC", "DESC"] {
            guard let statement = try? database.prepare("\(query) ORDER BY \(key) \(direction)") else {
                isWhole = false
                return [:]
            }
            defer { statement.reset() }
            do throws(SQLiteError) {
                while try statement.step() { found[statement.int64(0)] = map(statement) }
                break
            } catch {
                isWhole = false
            }
        }
        return found
    }
}
