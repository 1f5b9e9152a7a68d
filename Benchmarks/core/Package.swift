// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds the programs builds this. The targets are the same folders, by
// symbolic links. Testing is enabled for the core: what is measured is its cache, which is not public.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "core",
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
            swiftSettings: swiftSettings + [.unsafeFlags(["-enable-testing"])]),
        .executableTarget(
            name: "core",
            dependencies: [
                "ChatClientCore", "ChatSQLite", "ChatWire", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
    ]
)
