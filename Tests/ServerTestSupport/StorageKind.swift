@testable import ChatServerLite
@testable import ChatServerSQLite

/// The storages that tests run with.
enum StorageKind: CaseIterable, Sendable {
    case sqlite
    case memory

    var provider: any StorageProvider {
        switch self {
        case .sqlite: SQLiteStorageProvider()
        case .memory: MemoryStorageProvider()
        }
    }

    /// Opens a storage with one reader that completes its jobs at once.
    func open(
        at path: String, configure: (inout StorageConfiguration) -> Void = { _ in }
    ) throws -> any Storage {
        var configuration = StorageConfiguration(path: path)
        configuration.readerCount = 1
        configure(&configuration)
        return try provider.open(configuration) { for job in $0 { job.complete() } }
    }
}
