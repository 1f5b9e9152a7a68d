import ChatSQLite
import ChatServerLite
import Logging

extension StoreWriter {
    /// Compares the database with the mark outside it. A database that is older than the mark, or another
    /// one, gets a new epoch. If configured, it also gives new messages ids above the lost ones. No client
    /// can mistake one database for the other.
    ///
    /// - Returns: the database's epoch, and the mark to update from now on; nil for no mark.
    static func identify(
        _ database: Database, _ configuration: StorageConfiguration
    ) throws(SQLiteError) -> (epoch: Int64, mark: HighWaterMark?) {
        let tables = SQLiteView(database: database)
        let epoch = try tables.state("epoch")
        guard let path = configuration.markPath else { return (epoch, nil) }
        let mark: HighWaterMark
        do throws(PrivateFile.Failure) {
            mark = try HighWaterMark(path: path)
        } catch {
            configuration.logger.warning(
                "a backup put in the database's place will not be noticed",
                metadata: ["file": "\(path)", "reason": "\(error.reason)"])
            return (epoch, nil)
        }
        guard let before = mark.found, try isOlder(tables, epoch, than: before) else { return (epoch, mark) }
        let fresh = Int64.random(in: 0..<1 << 32)
        try database.transaction { () throws(SQLiteError) in
            try tables.setState("epoch", fresh)
            if configuration.skipsLostNumbers { try tables.numberMessages(above: before.newestMessage) }
        }
        let sequence = try tables.state("change_seq")
        configuration.logger.notice(
            "the database is older than before, or a different one; clients will treat it as new",
            metadata: ["changes": "\(sequence)", "before": "\(before.sequence)"])
        return (fresh, mark)
    }

    private static func isOlder(
        _ tables: SQLiteView, _ epoch: Int64, than mark: HighWaterMark.Position
    ) throws(SQLiteError) -> Bool {
        if mark.epoch != epoch { return true }
        if try tables.state("change_seq") < mark.sequence { return true }
        return try tables.newestMessage() < mark.newestMessage
    }
}
