import ChatCrypto
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The program on several addresses, on a Unix socket, and under a service manager.
@Suite(.timeLimit(.minutes(3))) struct ListenerTests {
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    private func stop(_ program: ServerProgram) {
        program.signal(SIGTERM)
        let end = program.end()
        #expect(end.status == 0 && !end.wasKilled, "\(end.errors)")
    }

    @Test func severalAddressesAtOnce() throws {
        try inDirectory { directory in
            let certificate = try TestCertificate()
            let program = try ServerProgram(
                [
                    "--listen", "https://127.0.0.1:0", "--listen", "http://127.0.0.1:0", "--listen",
                    "unix:chat.sock", "--tls-cert", certificate.files.certificate, "--tls-key",
                    certificate.files.key,
                ], directory: directory)
            let secure = try HTTPTestClient(port: try program.port(scheme: "https"), trust: certificate.trust)
            let plain = try HTTPTestClient(port: try program.port())
            #expect(program.nextLine() == "mychat-server listening on unix:chat.sock")
            #expect(try secure.get("/health").status == 200)
            #expect(try plain.get("/health").status == 200)
            #expect(try UnixTestClient.health(directory + "/chat.sock").hasPrefix("HTTP/1.1 200"))
            stop(program)
        }
    }

    @Test func aStaleSocketIsReplacedAndALivingOneIsNot() throws {
        try inDirectory { directory in
            let path = directory + "/chat.sock"
            let first = try ServerProgram(["--listen", "unix:\(path)?mode=600"], directory: directory)
            _ = first.nextLine()
            let second = try ServerProgram(
                ["--listen", "unix:" + path, "--database", directory + "/other.db"], directory: directory)
            let end = second.end()
            #expect(end.status == 1)
            #expect(end.errors.contains("is in use by another program"), "\(end.errors)")
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            first.signal(SIGKILL)
            #expect(first.end().wasKilled)
            #expect(FileManager.default.fileExists(atPath: path))
            let third = try ServerProgram(["--listen", "unix:" + path], directory: directory)
            _ = third.nextLine()
            #expect(try UnixTestClient.health(path).hasPrefix("HTTP/1.1 200"))
            stop(third)
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func aFileThatIsNoSocketStays() throws {
        try inDirectory { directory in
            let path = directory + "/chat.sock"
            try "precious".write(toFile: path, atomically: true, encoding: .utf8)
            let program = try ServerProgram(["--listen", "unix:" + path], directory: directory)
            let end = program.end()
            #expect(end.status == 1 && end.errors.contains("is no socket"), "\(end.errors)")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        }
    }

    /// A parent that opens the socket, waits for the first connection, and hands the socket over.
    @Test func aSocketIsHandedOver() throws {
        try inDirectory { directory in
            let socket = try UnixTestClient.listen(directory + "/handed.sock")
            defer { close(socket) }
            let early = try UnixTestClient.connect(directory + "/handed.sock")
            defer { close(early) }
            // The shell gets the socket as its standard input, and gives it the number that the protocol wants.
            let program = try ServerProgram(
                ["-c", "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec '\(ServerProgram.path)'"],
                directory: directory, program: "/bin/sh", input: FileHandle(fileDescriptor: socket))
            #expect(program.nextLine() == "mychat-server listening on unix:\(directory)/handed.sock")
            #expect(try UnixTestClient.health(on: early).hasPrefix("HTTP/1.1 200"))
            stop(program)
            #expect(FileManager.default.fileExists(atPath: directory + "/handed.sock"))
        }
    }

    @Test func theServiceManagerIsTold() throws {
        try inDirectory { directory in
            let socket = try UnixTestClient.listen(directory + "/notify.sock", type: SOCK_DGRAM)
            defer { close(socket) }
            let program = try ServerProgram(
                ["--port", "0"], directory: directory,
                environment: ["NOTIFY_SOCKET": directory + "/notify.sock", "WATCHDOG_USEC": "20000"])
            _ = try program.port()
            #expect(UnixTestClient.datagram(socket) == "READY=1")
            for _ in 0..<3 { #expect(UnixTestClient.datagram(socket) == "WATCHDOG=1") }
            program.signal(SIGTERM)
            var message: String
            repeat { message = UnixTestClient.datagram(socket) } while message == "WATCHDOG=1"
            #expect(message == "STOPPING=1")
            #expect(program.end().status == 0)
        }
    }

    /// In a session of its own, where no terminal can close.
    @Test func aHangUpReadsTheCertificateAgain() throws {
        try inDirectory { directory in
            let certificate = try TestCertificate()
            let old = try certificate.trust
            let program = try ServerProgram(
                [
                    "-c",
                    """
                    exec setsid -w /bin/sh -c 'echo $$; exec "$0" --port 0 --tls-cert "$1" --tls-key "$2"' \
                    '\(ServerProgram.path)' '\(certificate.files.certificate)' '\(certificate.files.key)'
                    """,
                ], directory: directory, environment: ["PATH": "/usr/bin:/bin"], program: "/bin/sh")
            let process = try #require(program.nextLine().flatMap { Int32($0) })
            let port = try program.port(scheme: "https")
            let connection = try HTTPTestClient(port: port, trust: old)
            #expect(try connection.get("/health").status == 200)
            let pin = try certificate.renew()
            kill(process, SIGHUP)
            // New connections see one of both until the signal has arrived.
            var isNew = false
            while !isNew { isNew = (try? HTTPTestClient(port: port, trust: certificate.trust)) != nil }
            #expect(try connection.get("/health").status == 200)
            kill(process, SIGTERM)
            let end = program.end()
            #expect(end.status == 0, "\(end.errors)")
            #expect(end.errors.contains(pin.description))
        }
    }
}
