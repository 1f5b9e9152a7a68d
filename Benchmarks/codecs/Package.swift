// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds the programs builds this. ChatWire is the same
// folder, by a symbolic link, built with the same settings and without the other dependencies.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "codecs",
    targets: [
        .target(name: "ChatWire", swiftSettings: swiftSettings),
        .executableTarget(name: "codecs", dependencies: ["ChatWire"], swiftSettings: swiftSettings),
    ]
)
