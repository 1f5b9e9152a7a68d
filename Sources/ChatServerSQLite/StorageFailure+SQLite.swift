import ChatSQLite
import ChatServerLite

extension StorageFailure {
    /// Translates the error of a query or a command.
    init(of error: any Error) {
        if let error = error as? SQLiteError {
            self.init(error)
        } else {
            self.init(.other, detail: "\(error)")
        }
    }

    init(_ error: SQLiteError) {
        let kind: Kind =
            switch error {
            case .full: .full
            case .busy: .busy
            case .corrupt: .corrupt
            case .constraint where error.isUniqueViolation: .conflict
            case .failed where error.isReadOnly: .readOnly
            case .cannotOpen, .constraint, .newerSchema, .failed: .other
            }
        self.init(kind, detail: error.description)
    }

    /// The paths no longer lead to the open files.
    static let gone = StorageFailure(
        .gone, detail: "the database was deleted, moved or replaced while in use")
}

extension Database.Durability {
    init(_ durability: Durability) {
        switch durability {
        case .full: self = .full
        case .normal: self = .normal
        }
    }
}

extension UnusableDatabase {
    init(_ error: SQLiteError) {
        switch error {
        case .newerSchema(let found, let supported): self = .newerSchema(found: found, supported: supported)
        case .cannotOpen(_, _, let message): self = .cannotOpen(reason: message)
        default: self = .failed(StorageFailure(error))
        }
    }
}
