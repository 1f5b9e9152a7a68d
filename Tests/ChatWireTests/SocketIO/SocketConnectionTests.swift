import ChatWire
import Testing

@Suite struct SocketConnectionTests {
    private func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .seconds(seconds)
    }

    private static let handshake = EngineHandshake(
        sid: "e", pingInterval: .seconds(25), pingTimeout: .seconds(20))

    /// Carries frames between two machines until both are silent, and returns their actions.
    private func exchange(
        _ client: inout SocketConnection, _ server: inout SocketConnection,
        _ toServer: [SocketConnection.Action],
        _ toClient: [SocketConnection.Action] = [], now: MonotonicInstant
    ) -> (client: [SocketConnection.Action], server: [SocketConnection.Action]) {
        var (toServer, toClient) = (toServer, toClient)
        var told: (client: [SocketConnection.Action], server: [SocketConnection.Action]) = ([], [])
        func deliver(_ actions: [SocketConnection.Action], to other: inout SocketConnection)
            -> [SocketConnection.Action]
        {
            actions.flatMap { action -> [SocketConnection.Action] in
                guard case .transmit(let frame) = action else { return [] }
                switch frame {
                case .text(let text): return other.receive(text: text[...], now: now)
                case .binary(let data): return other.receive(binary: data[...], now: now)
                }
            }
        }
        func isTold(_ action: SocketConnection.Action) -> Bool {
            if case .transmit = action { false } else { true }
        }
        told.client += toServer.filter(isTold)
        told.server += toClient.filter(isTold)
        while !toServer.isEmpty || !toClient.isEmpty {
            let atServer = deliver(toServer, to: &server)
            let atClient = deliver(toClient, to: &client)
            told.client += atClient.filter(isTold)
            told.server += atServer.filter(isTold)
            (toServer, toClient) = (atClient, atServer)
        }
        return told
    }

    @Test func `a whole conversation`() throws {
        var client = SocketConnection.client(policy: .strict)
        var server = SocketConnection.server(Self.handshake, policy: .strict, connectTimeout: .seconds(30))
        let open = exchange(&client, &server, client.start(now: at(0)), server.start(now: at(0)), now: at(0))
        #expect(open.client == [.opened(Self.handshake)] && open.server == [])
        let connect = client.perform { $0.connect(auth: ["token": "abc"], timeout: .seconds(5), now: at(0)) }
        #expect(
            exchange(&client, &server, connect, now: at(0)).server
                == [.session(.connectRequested(namespace: "/", auth: ["token": "abc"]))])
        let accept = server.perform { $0.accept(sid: "s") }
        #expect(
            exchange(&client, &server, [], accept, now: at(0)).client == [
                .session(.connected(namespace: "/", sid: "s"))
            ])
        #expect(client.deadline == at(45) && server.deadline == at(25))

        let event = ClientEvent.sendMessage(to: UserID(2), content: "Olá", tempID: TempID("t"))
        let result = client.send(event, acknowledgedWithin: .seconds(10), now: at(1))
        let sent = try #require(result)
        #expect(client.deadline == at(11))
        let told = exchange(&client, &server, sent.actions, now: at(1)).server
        guard case .session(.event(let received))? = told.first else {
            Issue.record("\(told)")
            return
        }
        #expect(try ClientEvent.decode(received.payload) == event && received.acknowledgementID == sent.id)
        #expect(try received.decoded().first == "send_message")

        let packet = ServerEvent.messageSending(tempID: TempID("t")).packet()
        let answers = server.perform { $0.send(packet) + $0.acknowledge(sent.id) }
        let answered = exchange(&client, &server, [], answers, now: at(1)).client
        #expect(answered.count == 2)
        guard case .session(.event(let sending)) = answered[0] else {
            Issue.record("\(answered)")
            return
        }
        #expect(try ServerEvent.decode(sending.payload) == .messageSending(tempID: TempID("t")))
        #expect(
            answered[1]
                == .session(
                    .acknowledged(namespace: "/", id: sent.id, payload: [0x5B, 0x5D], attachments: [])))

        #expect(exchange(&client, &server, [], server.tick(now: at(25)), now: at(25)) == ([], []))
        #expect(client.deadline == at(70) && server.deadline == at(50))

        let farewell = exchange(&client, &server, client.close(), now: at(30))
        let disconnected = SocketConnection.Action.session(.disconnected(namespace: "/"))
        #expect(farewell.client == [disconnected, .closed(.engine(.local))])
        #expect(farewell.server == [disconnected, .closed(.engine(.peer))])
        #expect(client.isClosed && server.isClosed && client.deadline == nil && server.deadline == nil)
        #expect(client.send(event, acknowledgedWithin: .seconds(1), now: at(31)) == nil)
    }

    @Test func `a violation of the inner session closes the outer one`() {
        var server = SocketConnection.server(Self.handshake, policy: .strict, connectTimeout: nil)
        _ = server.start(now: at(0))
        #expect(
            server.receive(text: Array("4abc".utf8)[...], now: at(1))
                == [.transmit(.text(Array("1".utf8))), .closed(.session(.unknownKind(0x61)))])
        #expect(server.receive(text: Array("40".utf8)[...], now: at(1)) == [])
    }

    @Test func `a client that never connects is sent away`() {
        var server = SocketConnection.server(Self.handshake, connectTimeout: .seconds(20))
        _ = server.start(now: at(0))
        #expect(server.deadline == at(20))
        #expect(
            server.tick(now: at(20)) == [
                .transmit(.text(Array("1".utf8))), .closed(.session(.connectTimeout)),
            ])
        #expect(server.tick(now: at(99)) == [])
    }

    @Test func `a lost transport and a silent peer end both`() {
        for loses in [true, false] {
            var client = SocketConnection.client()
            var server = SocketConnection.server(Self.handshake, connectTimeout: nil)
            _ = exchange(&client, &server, client.start(now: at(0)), server.start(now: at(0)), now: at(0))
            let connect = client.perform { $0.connect(auth: nil, timeout: .seconds(5), now: at(0)) }
            _ = exchange(&client, &server, connect, now: at(0))
            _ = exchange(&client, &server, [], server.perform { $0.accept(sid: "s") }, now: at(0))
            let end = loses ? client.transportClosed() : client.tick(now: at(45))
            #expect(
                end == [
                    .session(.disconnected(namespace: "/")),
                    .closed(.engine(loses ? .transport : .heartbeatTimeout)),
                ])
        }
    }
}
