// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds the programs builds this: what looks inside the client's core and must
// be optimised, the simulation and the benchmark. The folders are the same, by symbolic links, with internals open as to
// the tests. ./test builds all of it, so that neither falls behind the core.
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
        .target(name: "TestSupport", swiftSettings: swiftSettings),
        .executableTarget(
            name: "soak",
            dependencies: [
                "TestSupport", "ChatClientCore", "ChatSQLite", "ChatWire", "CSQLite",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "core",
            dependencies: [
                "ChatClientCore", "ChatSQLite", "ChatWire", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
    ]
)
