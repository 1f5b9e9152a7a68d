import ChatSQLite
import ChatWire

/// The people that former servers knew.
struct FormerPeople {
    let database: Database
    private var meta: MetaTable { MetaTable(database: database) }

    /// The name of a person on the server of an era.
    func name(of user: UserID, in era: Int64) throws(SQLiteError) -> String {
        try database.first(
            "SELECT shown_name FROM former_people WHERE user_id = ? AND era = ?", user.rawValue, era
        ) { $0.string(0) } ?? "#\(user)"
    }

    /// The name of a person on the last former server that knew them.
    func lastName(of user: UserID) throws(SQLiteError) -> String? {
        try database.first(
            "SELECT shown_name FROM former_people WHERE user_id = ? ORDER BY era DESC LIMIT 1", user.rawValue
        ) { $0.string(0) }
    }

    /// The era of the last former server that knew a user id which the present server has not mentioned; nil for any
    /// other id. The id may belong to somebody else by now.
    func eraOfStranger(_ user: UserID) throws(SQLiteError) -> Int64? {
        try database.first(
            """
            SELECT max(era) FROM former_people
            WHERE user_id = ?1 AND NOT EXISTS (SELECT 1 FROM people WHERE user_id = ?1)
            """, user.rawValue
        ) { $0.optionalInt64(0) } ?? nil
    }

    /// Why a message that was entered for a former server must not go to the present one; nil when it may.
    func obstacle(to tempID: TempID) throws(SQLiteError) -> InvalidRequest? {
        let entered = try database.first(
            """
            SELECT o.peer_id, s.account_email, f.name, f.email, p.name, p.email
            FROM outbox o JOIN former_servers s ON s.era = o.era
            LEFT JOIN former_people f ON f.user_id = o.peer_id AND f.era = o.era
            LEFT JOIN people p ON p.user_id = o.peer_id WHERE o.temp_id = ?
            """, tempID.rawValue
        ) {
            (
                account: $0.optionalString(1), then: FormerPerson($0.optionalString(2), $0.optionalString(3)),
                now: FormerPerson($0.optionalString(4), $0.optionalString(5))
            )
        }
        guard let entered else { return nil }
        let present = try meta.text(.accountEmail)
        guard entered.account?.lowercased() == present?.lowercased() else {
            return .ofAnotherAccount(tempID)
        }
        return entered.then.isSame(as: entered.now) ? nil : .forSomebodyElse(tempID)
    }

    private struct FormerPerson {
        let name: String?
        let email: String?

        init(_ name: String?, _ email: String?) {
            self.name = name
            self.email = email
        }

        /// Compares the addresses, or the names where an address is missing.
        func isSame(as other: FormerPerson) -> Bool {
            if let email, let theirs = other.email { return email == theirs }
            guard let name, let theirs = other.name else { return false }
            return name == theirs
        }
    }
}
