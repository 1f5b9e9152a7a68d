import Foundation
import Testing

/// The openssl(1) of the system: it makes certificates and plays the other side.
enum OpenSSLTool {
    static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/openssl" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static var isAvailable: Bool { path != nil }

    static let reasonToSkip: Comment = "SKIPPED: no openssl program in PATH, so TLS is not tested against it"

    /// Runs it and waits for its end.
    static func run(_ arguments: [String], in directory: URL) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        process.arguments = arguments
        process.currentDirectoryURL = directory
        let errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let complaint = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(
            process.terminationStatus == 0,
            "openssl \(arguments.joined(separator: " ")): \(String(decoding: complaint, as: UTF8.self))")
    }
}

/// `openssl s_server` on a port that the system chooses. It ends with its last reference.
final class OpenSSLServer {
    let port: Int
    private let process = Process()
    private let input = Pipe()
    /// Stays open: otherwise the server would die of its later output, of which there is little.
    private let output = Pipe()

    init(_ identity: TestAuthority.Identity, _ arguments: [String] = ["-www"]) throws {
        // The shell ends the server when its input ends, so that nothing is left behind even if this process is
        // killed. (With KILL: a child of a task inherits a mask that blocks the other signals.)
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            [
                "-c", #""$@" </dev/null & cat >/dev/null; kill -KILL $!"#, "sh",
                try #require(OpenSSLTool.path),
                "s_server", "-accept", "127.0.0.1:0", "-cert", identity.certificateFile, "-key",
                identity.keyFile,
            ] + arguments
        process.standardOutput = output
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        try process.run()
        // It prints "ACCEPT 127.0.0.1:PORT" when it listens.
        var text = ""
        while !text.contains(/ACCEPT .*:\d+\n/) {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "openssl s_server ended: \(text)")
            text += String(decoding: more, as: UTF8.self)
        }
        let match = try #require(text.firstMatch(of: /ACCEPT .*:(\d+)\n/))
        port = try #require(Int(match.1))
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
