import ChatNet
import ChatWire
import Glibc
import Testing

@Suite("Connections over plain TCP", .timeLimit(.minutes(2)))
struct ConnectionTests {
    private let thread = IOThread()

    private func open(
        _ port: Int, host: String = "127.0.0.1", _ configuration: NetConfiguration = .patient()
    ) async throws(NetError) -> Connection {
        try await ConnectionOpener(configuration: configuration, thread: thread).open(
            host: host, port: port, isSecure: false)
    }

    @Test("Bytes go both ways, whole, in order; large ones too")
    func echo() async throws {
        let server = try LoopbackServer { peer, _ in
            while let bytes = peer.read() { peer.write(bytes) }
        }
        let connection = try await open(server.port)
        let bytes = pattern(3_000_000)
        let sending = Task { try await connection.send(bytes) }
        var received: [UInt8] = []
        while received.count < bytes.count, let more = try await connection.read() { received += more }
        try await sending.value
        #expect(received == bytes)
    }

    @Test func oneByteSegments() async throws {
        let bytes = pattern(500)
        let server = try LoopbackServer { peer, _ in peer.write(bytes, pieceLength: 1) }
        let connection = try await open(server.port)
        #expect(try await readToEnd(connection) == bytes)
    }

    @Test("A peer that has ended its side still takes ours")
    func halfClose() async throws {
        let received = Record<[UInt8]>()
        let hasEnded = Gate()
        let server = try LoopbackServer { peer, _ in
            peer.write("bye")
            peer.endWriting()
            received.append(peer.readToEnd())
            hasEnded.open()
        }
        let connection = try await open(server.port)
        #expect(try await readToEnd(connection) == Array("bye".utf8))
        #expect(try await connection.read() == nil)
        try await connection.send(Array("still here".utf8))
        await connection.close()
        await hasEnded.opened()
        #expect(received.all == [Array("still here".utf8)])
    }

    @Test("What is undelivered when a connection is given up never arrives", arguments: [true, false])
    func undeliveredIsDiscarded(isAborted: Bool) async throws {
        let errors = Record<Int32>()
        let hasEnded = Gate()
        let server = try LoopbackServer { peer, _ in
            // Nothing is read, so an end that is told waits behind what was sent. A reset does not wait.
            var watched = pollfd(fd: peer.descriptor, events: 0, revents: 0)
            poll(&watched, 1, 30_000)
            var (error, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
            getsockopt(peer.descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
            errors.append(error)
            hasEnded.open()
        }
        let connection = try await open(server.port)
        // More than the kernels of both sides hold.
        try await connection.enqueue(pattern(8_000_000))
        if isAborted { await connection.abort() } else { await connection.close(patience: .milliseconds(1)) }
        await hasEnded.opened()
        #expect(errors.all == [ECONNRESET])
    }

    @Test("What was sent before the close arrives, however much it is")
    func closeDelivers() async throws {
        let received = Record<[UInt8]>()
        let hasEnded = Gate()
        let server = try LoopbackServer { peer, _ in
            received.append(peer.readToEnd())
            hasEnded.open()
        }
        let bytes = pattern(2_000_000)
        let connection = try await open(server.port)
        try await connection.enqueue(bytes)
        await connection.close(patience: .seconds(60))
        await expectError(.cancelled) { () async throws(NetError) in try await connection.send([1]) }
        await hasEnded.opened()
        #expect(received.all == [bytes])
    }

    @Test func aConnectionNobodyHoldsIsClosed() async throws {
        let hasEnded = Gate()
        let server = try LoopbackServer { peer, _ in
            _ = peer.readToEnd()
            hasEnded.open()
        }
        do { _ = try await open(server.port) }
        await hasEnded.opened()
    }

    @Test func aRefusedConnectionSaysSo() async throws {
        let (descriptor, port) = try LoopbackServer.bind()
        defer { close(descriptor) }
        let expected = NetError.refused(endpoint: "127.0.0.1:\(port)")
        await expectError(expected) { () async throws(NetError) in try await open(port) }
        #expect(expected.description == "connection refused by 127.0.0.1:\(port); is the server running?")
        #expect(expected.kind == .transient)
    }

    @Test("localhost reaches a server that listens on IPv4 only")
    func localhost() async throws {
        let server = try LoopbackServer { peer, _ in peer.write("hello") }
        let connection = try await open(server.port, host: "localhost")
        #expect(connection.endpoint == "localhost:\(server.port)")
        #expect(try await readToEnd(connection) == Array("hello".utf8))
    }

    @Test func portsThatDoNotExist() async {
        for port in [-1, 65_536, .max] {
            await expectError(.unreachable(endpoint: "127.0.0.1:\(port)", reason: "there is no such port")) {
                () async throws(NetError) in try await open(port)
            }
        }
    }

    @Test func aResetIsAClosedConnection() async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.read()
            peer.resetWhenClosed()
        }
        let connection = try await open(server.port)
        try await connection.send([1])
        await expectError(.closed(endpoint: "127.0.0.1:\(server.port)")) {
            () async throws(NetError) in try await connection.read()
        }
    }

    @Test("A read that expires takes nothing; the next one gets what came")
    func expiredRead() async throws {
        let gate = Gate()
        let server = try LoopbackServer { peer, _ in
            gate.block()
            peer.write("late")
        }
        let connection = try await open(server.port)
        let endpoint = connection.endpoint
        await expectError(.timeout(phase: .responseHead, endpoint: endpoint)) { () async throws(NetError) in
            try await connection.read(until: thread.now + .milliseconds(5), phase: .responseHead)
        }
        gate.open()
        #expect(try await readToEnd(connection) == Array("late".utf8))
    }

    @Test func aCancelledReadTakesNothing() async throws {
        let gate = Gate()
        let server = try LoopbackServer { peer, _ in
            gate.block()
            peer.write("late")
        }
        let connection = try await open(server.port)
        let reading = Task { () async -> NetError? in
            do throws(NetError) {
                _ = try await connection.read()
                return nil
            } catch {
                return error
            }
        }
        reading.cancel()
        #expect(await reading.value == .cancelled)
        gate.open()
        #expect(try await readToEnd(connection) == Array("late".utf8))
    }

    @Test("A peer that never reads: the sender waits, then the connection is given up")
    func stalledPeer() async throws {
        let gate = Gate()
        let server = try LoopbackServer(receiveBuffer: 4096) { peer, _ in
            gate.block()
            _ = peer
        }
        defer { gate.open() }
        var configuration = NetConfiguration.patient()
        configuration.timeouts.send = .milliseconds(50)
        let connection = try await open(server.port, configuration)
        let bytes = pattern(1_000_000)
        await expectError(.timeout(phase: .send, endpoint: connection.endpoint)) {
            () async throws(NetError) in
            // The system's buffers hold some megabytes at most.
            for _ in 0..<100 { try await connection.send(bytes) }
        }
        await expectError(.timeout(phase: .send, endpoint: connection.endpoint)) {
            () async throws(NetError) in try await connection.read()
        }
    }

    @Test("What waits to be sent has a limit")
    func sendLimit() async throws {
        let gate = Gate()
        let server = try LoopbackServer(receiveBuffer: 4096) { peer, _ in
            gate.block()
            _ = peer
        }
        defer { gate.open() }
        var configuration = NetConfiguration.patient()
        configuration.limits.sendBufferHard = 1_000_000
        let connection = try await open(server.port, configuration)
        let bytes = pattern(1_000_000)
        await expectError(.sendBufferFull(limit: 1_000_000, endpoint: connection.endpoint)) {
            () async throws(NetError) in
            for _ in 0..<100 { try await connection.enqueue(bytes) }
        }
    }

    @Test func connectingCanBeCancelled() async throws {
        // A listener with a full queue answers nothing: connecting hangs.
        let (descriptor, port) = try LoopbackServer.bind()
        defer { close(descriptor) }
        try #require(listen(descriptor, 0) == 0)
        var fillers: [Connection] = []
        var configuration = NetConfiguration.patient()
        configuration.timeouts.connect = .milliseconds(200)
        var error: NetError?
        while error == nil, fillers.count < 100 {
            do throws(NetError) {
                fillers.append(try await open(port, configuration))
            } catch let found {
                error = found
            }
        }
        #expect(error == .timeout(phase: .connect, endpoint: "127.0.0.1:\(port)"))
        let hanging = Task { () async -> NetError? in
            do throws(NetError) {
                _ = try await open(port)
                return nil
            } catch {
                return error
            }
        }
        hanging.cancel()
        #expect(await hanging.value == .cancelled)
    }

    @Test func quietness() async throws {
        let speak = Gate()
        let spoke = Gate()
        let leave = Gate()
        let server = try LoopbackServer { peer, _ in
            speak.block()
            peer.write("x")
            spoke.open()
            leave.block()
        }
        let connection = try await open(server.port)
        #expect(await connection.isQuiet())
        speak.open()
        await spoke.opened()
        #expect(await connection.isQuiet() == false)
        #expect(try await connection.read() == Array("x".utf8))
        #expect(await connection.isQuiet())
        await connection.abort()
        #expect(await connection.isQuiet() == false)
        leave.open()
    }
}
