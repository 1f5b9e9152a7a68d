import Foundation
import Testing

/// Holds the sources to what ARCHITECTURE.md says of them.
@Suite struct ArchitectureTests {
    /// The arrows: what each target may import of our own. Nothing points back.
    static let arrows: [String: Set<String>] = [
        "ChatWire": [],
        "ChatCrypto": ["COpenSSL"],
        "ChatNet": ["ChatWire", "ChatCrypto"],
        "ChatSQLite": ["CSQLite"],
        "ChatClientCore": ["ChatWire", "ChatNet", "ChatCrypto", "ChatSQLite", "Logging"],
        "ChatTUI": ["ChatClientCore", "ChatNet", "ChatCrypto", "ChatWire", "CNcurses"],
        "ChatScript": ["ChatClientCore", "ChatWire", "ChatNet", "ChatCrypto", "Logging"],
        "ChatCommand": [
            "ChatTUI", "ChatScript", "ChatClientCore", "ChatNet", "ChatCrypto", "ChatSQLite", "ChatWire",
            "ArgumentParser", "TOMLKit", "Logging",
        ],
        "ChatServerLite": [
            "ChatWire", "ChatNet", "ChatCrypto", "ChatSQLite", "CCrypt", "Logging",
            "NIOCore", "NIOPosix", "NIOHTTP1",
        ],
        "mychat": ["ChatCommand"],
        "mychat-server": ["ChatServerLite", "ArgumentParser", "Logging"],
        "mychat-conformance": [
            "ChatClientCore", "ChatServerLite", "ChatNet", "ChatWire", "ArgumentParser", "Logging",
        ],
    ]

    /// Parts of the toolchain that any target may use. Foundation is not among them: it costs every start.
    static let toolchain: Set = [
        "Swift", "Synchronization", "Glibc", "Musl", "FoundationEssentials", "Dispatch",
    ]

    @Test func thereAreSources() {
        #expect(Set(SourceTree.sources.map(\.target)) == Set(Self.arrows.keys))
    }

    @Test(arguments: SourceTree.sources)
    func importsFollowTheArrows(file: SourceFile) throws {
        let allowed = try #require(Self.arrows[file.target], "a target that ARCHITECTURE.md does not know")
        for (module, line) in file.imports where !Self.toolchain.contains(module) {
            #expect(allowed.contains(module), "\(file.path):\(line) imports \(module)")
        }
    }

    /// Each C library is imported from one folder only.
    @Test(arguments: [
        ("CNcurses", "Sources/ChatTUI/Terminal/"), ("COpenSSL", "Sources/ChatCrypto/"),
        ("CSQLite", "Sources/ChatSQLite/"), ("CCrypt", "Sources/ChatServerLite/Auth/"),
    ])
    func eachCLibraryHasOneDoor(library: String, folder: String) {
        for file in SourceTree.sources where file.imports.contains(where: { $0.module == library }) {
            #expect(file.path.hasPrefix(folder), "\(file.path) imports \(library)")
        }
    }
}
