import Foundation
import NIOCore
import NIOEmbedded
import Synchronization
import TestSupport
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The list of open connections: who makes room, and who is waited for.
@Suite struct ConnectionRegistryTests {
    private final class Stops: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var count = 0
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event is ServerIsStopping { count += 1 }
        }
    }

    private func channel(_ address: String = "192.0.2.1") throws -> EmbeddedChannel {
        try EmbeddedChannel.connected(to: address).0
    }

    private func close(_ channel: EmbeddedChannel) {
        channel.close(promise: nil)
        channel.embeddedEventLoop.run()
    }

    /// One line is logged for a period without room, not one for each connection that is turned away.
    @Test func furtherConnectionsAreTurnedAway() throws {
        let log = LogRecords()
        let registry = ConnectionRegistry(limits: ConnectionRegistry.Limits(all: 4), logger: log.logger)
        let channels = try (0..<4).map { _ in try channel() }
        for channel in channels { #expect(registry.add(channel) != nil) }
        for _ in 0..<3 { #expect(registry.add(try channel()) == nil) }
        #expect(log.lines.count == 1)
        #expect(log.lines.first?.hasPrefix("error no new connections are accepted for now advice=") == true)
        close(channels[0])
        let another = try channel()
        #expect(registry.add(another) != nil)
        #expect(registry.add(try channel()) == nil)
        #expect(log.lines.count == 1)
        // Once fewer than half are left, the next period begins.
        for channel in [channels[1], channels[2], channels[3]] { close(channel) }
        for _ in 0..<3 { #expect(registry.add(try channel()) != nil) }
        #expect(registry.add(try channel()) == nil)
        #expect(log.lines.count == 2)
    }

    /// Per address, the connection whose request began first makes room.
    @Test func theOldestUnfinishedRequestMakesRoom() throws {
        let registry = ConnectionRegistry(limits: ConnectionRegistry.Limits(unfinished: 2), logger: .quiet)
        let channels = try (0..<4).map { _ in try channel() }
        let leases = channels.prefix(2).map { registry.add($0) }
        // The first request is complete, and another one begins on the same connection: it is now the younger one.
        leases[0]?.settle()
        leases[0]?.begin()
        leases[0]?.begin()
        _ = registry.add(channels[2])
        #expect(channels.map(\.isActive) == [true, false, true, true])
        _ = registry.add(channels[3])
        #expect(channels.map(\.isActive) == [false, false, true, true])
        let elsewhere = try channel("192.0.2.2")
        _ = registry.add(elsewhere)
        #expect(channels.map(\.isActive) == [false, false, true, true])
    }

    /// A proxy's address stands for many clients, which must not displace each other.
    @Test func aTrustedProxyMayHaveManyUnfinishedRequests() throws {
        let limits = ConnectionRegistry.Limits(
            unfinished: 2, proxies: try TrustedProxies(parsing: "192.0.2.1"))
        let registry = ConnectionRegistry(limits: limits, logger: .quiet)
        let proxied = try (0..<5).map { _ in try channel() }
        let direct = try (0..<3).map { _ in try channel("192.0.2.2") }
        for channel in proxied + direct { _ = registry.add(channel) }
        #expect(proxied.map(\.isActive) == [true, true, true, true, true])
        #expect(direct.map(\.isActive) == [false, true, true])
    }

    /// Random beginnings and ends, beside a list.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func itAgreesWithAList(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let registry = ConnectionRegistry(limits: ConnectionRegistry.Limits(unfinished: 3), logger: .quiet)
        var open: [(channel: EmbeddedChannel, lease: ConnectionLease)] = []
        /// The channels with an unfinished request, oldest first.
        var order: [ObjectIdentifier] = []
        func begin(_ channel: EmbeddedChannel) {
            let id = ObjectIdentifier(channel)
            guard !order.contains(id) else { return }
            order.append(id)
            guard order.count > 3 else { return }
            let oldest = order.removeFirst()
            open.removeAll { ObjectIdentifier($0.channel) == oldest }
        }
        var closed: [EmbeddedChannel] = []
        for step in 0..<300 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where open.count < 8:
                let channel = try channel()
                let lease = try #require(registry.add(channel))
                closed.append(channel)
                open.append((channel, lease))
                begin(channel)
            case 1:
                guard let entry = open.randomElement(using: &random) else { continue }
                entry.lease.settle()
                order.removeAll { $0 == ObjectIdentifier(entry.channel) }
            case 2:
                guard let entry = open.randomElement(using: &random) else { continue }
                entry.lease.begin()
                begin(entry.channel)
            default:
                guard let index = open.indices.randomElement(using: &random) else { continue }
                let channel = open.remove(at: index).channel
                close(channel)
                order.removeAll { $0 == ObjectIdentifier(channel) }
            }
            for channel in closed { channel.embeddedEventLoop.run() }
            let present = Set(closed.filter(\.isActive).map { ObjectIdentifier($0) })
            #expect(present == Set(open.map { ObjectIdentifier($0.channel) }), "seed \(seed), step \(step)")
        }
    }

    @Test func everyConnectionHearsOfAStop() throws {
        let registry = ConnectionRegistry(logger: .quiet)
        let stops = try (0..<2).map { _ in
            let channel = try channel()
            let stops = Stops()
            try channel.pipeline.syncOperations.addHandler(stops)
            _ = registry.add(channel)
            return stops
        }
        registry.announceStop()
        #expect(stops.map(\.count) == [1, 1])
        // A connection that comes during the stop is closed at once.
        let late = try channel()
        _ = registry.add(late)
        #expect(!late.isActive)
    }

    @Test func withoutConnectionsNobodyWaits() async {
        let registry = ConnectionRegistry(logger: .quiet)
        registry.announceStop()
        await registry.allClosed()
    }
}

/// The listener pauses while the system lacks resources.
@Suite struct AcceptGuardTests {
    @Test func itPausesAndTriesAgain() throws {
        let log = LogRecords()
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(AcceptGuard(logger: log.logger))
        func autoRead() -> [Bool] {
            channel.options.compactMap {
                $0.option is ChannelOptions.Types.AutoReadOption ? $0.value as? Bool : nil
            }
        }
        for _ in 0..<3 { channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept")) }
        #expect(autoRead() == [false])
        #expect(log.lines.count == 1)
        #expect(log.lines.first?.hasPrefix("error no new connections are accepted for now advice=") == true)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(249))
        #expect(autoRead() == [false])
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(autoRead() == [true])
        // Other errors are somebody else's.
        channel.pipeline.fireErrorCaught(IOError(errnoCode: EINVAL, reason: "accept"))
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
        #expect(autoRead() == [true])
        _ = try? channel.finish()
    }
}
