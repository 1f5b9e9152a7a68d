// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds the programs builds this: the simulation of the client's core,
// optimised. The folders are the same, by symbolic links, with internals open as to the tests.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-enable-testing"]),
]

let package = Package(
    name: "soak",
    dependencies: [.package(url: "https://github.com/apple/swift-log", exact: "1.16.2")],
    targets: [
        .systemLibrary(name: "COpenSSL"),
        .systemLibrary(name: "CSQLite"),
        .target(name: "ChatWire", swiftSettings: swiftSettings),
        .target(name: "ChatCrypto", dependencies: ["COpenSSL"], swiftSettings: swiftSettings),
        .target(name: "ChatNet", dependencies: ["ChatWire", "ChatCrypto"], swiftSettings: swiftSettings),
        .target(name: "ChatSQLite", dependencies: ["CSQLite"], swiftSettings: swiftSettings),
        .target(
            name: "ChatClientCore",
            dependencies: [
                "ChatWire", "ChatNet", "ChatCrypto", "ChatSQLite",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "soak",
            dependencies: [
                "ChatClientCore", "ChatSQLite", "ChatWire", "CSQLite",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
    ]
)
