// swift-tools-version: 6.2
import PackageDescription

// The arrows of ARCHITECTURE.md: nothing points back, and TidyTests holds the
// sources to it. Versions are pinned exactly because Package.resolved is not kept.
var swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// ./test asks for it; people who only build are not stopped by a newer compiler's new warnings.
if Context.environment["MYCHAT_STRICT"] != nil {
    swiftSettings.append(.treatAllWarnings(as: .error))
}

// The steps of a scenario are values whose asynchronous functions run on the runner that calls them.
let scriptSettings = swiftSettings + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]

let package = Package(
    name: "mychat",
    products: [
        .library(name: "ChatClientCore", targets: ["ChatClientCore"]),
        .executable(name: "mychat", targets: ["mychat"]),
        .executable(name: "mychat-server", targets: ["mychat-server"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
    ],
    targets: [
        // C libraries, each imported from one place only.
        .systemLibrary(name: "CNcurses"),
        .systemLibrary(name: "COpenSSL"),
        .systemLibrary(name: "CSQLite"),
        .systemLibrary(name: "CCrypt"),

        // Bytes in, events out: no I/O, no clock, no C.
        .target(name: "ChatWire", swiftSettings: swiftSettings),
        .target(name: "ChatCrypto", dependencies: ["COpenSSL"], swiftSettings: swiftSettings),
        .target(name: "ChatNet", dependencies: ["ChatWire", "ChatCrypto"], swiftSettings: swiftSettings),
        .target(name: "ChatSQLite", dependencies: ["CSQLite"], swiftSettings: swiftSettings),

        // The client.
        .target(
            name: "ChatClientCore",
            dependencies: [
                "ChatWire", "ChatNet", "ChatCrypto", "ChatSQLite",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "ChatTUI",
            dependencies: ["ChatClientCore", "ChatNet", "ChatCrypto", "ChatWire", "CNcurses"],
            swiftSettings: swiftSettings),
        .target(
            name: "ChatScript",
            dependencies: [
                "ChatClientCore", "ChatWire", "ChatNet", "ChatCrypto",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: scriptSettings),
        .target(
            name: "ChatCommand",
            dependencies: [
                "ChatClientCore", "ChatTUI", "ChatScript", "ChatWire", "ChatNet", "ChatCrypto", "ChatSQLite",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            swiftSettings: swiftSettings),
        .executableTarget(name: "mychat", dependencies: ["ChatCommand"], swiftSettings: swiftSettings),

        // The server.
        .target(
            name: "ChatServerLite",
            dependencies: [
                "ChatWire", "ChatNet", "ChatCrypto", "CCrypt",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings),
        // One way of keeping the server's data. Another one would be a target beside it.
        .target(
            name: "ChatServerSQLite",
            dependencies: [
                "ChatServerLite", "ChatWire", "ChatSQLite",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "mychat-server",
            dependencies: [
                "ChatServerLite", "ChatServerSQLite",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),

        // What the public protocol suites talk to; no product, so it is not installed.
        .executableTarget(
            name: "mychat-conformance",
            dependencies: [
                "ChatClientCore", "ChatServerLite", "ChatNet", "ChatWire",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),

        // Tests mirror the targets. What all of them share is a test target, so that no other build includes it.
        .testTarget(name: "TestSupport", swiftSettings: swiftSettings),
        .testTarget(
            name: "ChatWireTests", dependencies: ["TestSupport", "ChatWire"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ChatCryptoTests", dependencies: ["TestSupport", "ChatCrypto"], swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "ChatNetTests", dependencies: ["TestSupport", "ChatNet", "ChatWire", "ChatCrypto"],
            swiftSettings: swiftSettings),
        .testTarget(name: "ChatSQLiteTests", dependencies: ["ChatSQLite"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ChatClientCoreTests",
            dependencies: [
                "TestSupport", "ChatClientCore", "ChatWire", "ChatNet", "ChatCrypto", "ChatSQLite", "CSQLite",
                "ChatServerLite", "ChatServerSQLite",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ChatTUITests",
            dependencies: [
                "TestSupport", "ChatTUI", "ChatClientCore", "ChatNet", "ChatCrypto", "ChatWire",
                "ChatServerLite",
                "ChatServerSQLite", .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Golden"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ChatScriptTests",
            dependencies: [
                "ChatScript", "ChatClientCore", "ChatWire", "ChatNet", "ChatCrypto", "ChatSQLite",
                "ChatServerLite", "ChatServerSQLite",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ChatCommandTests",
            dependencies: [
                "TestSupport", "ChatCommand", "ChatClientCore", "ChatTUI", "ChatWire", "ChatNet",
                "ChatCrypto",
                "ChatServerLite", "ChatServerSQLite",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        // What the tests of the server share.
        .testTarget(
            name: "ServerTestSupport",
            dependencies: [
                "TestSupport", "ChatServerLite", "ChatServerSQLite", "ChatWire", "ChatNet", "ChatCrypto",
                "ChatSQLite",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ChatServerLiteTests",
            dependencies: [
                "TestSupport", "ServerTestSupport", "ChatServerLite", "ChatServerSQLite", "ChatWire",
                "ChatNet",
                "ChatCrypto",
                "ChatSQLite",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ChatServerSQLiteTests",
            dependencies: [
                "ServerTestSupport", "ChatServerSQLite", "ChatServerLite", "ChatWire", "ChatSQLite",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings),
        // Real processes and real terminals: the programs are dependencies so that they are built first.
        .testTarget(
            name: "EndToEndTests", dependencies: ["mychat", "mychat-server"], swiftSettings: swiftSettings),
        .testTarget(name: "TidyTests", swiftSettings: swiftSettings),
    ]
)
