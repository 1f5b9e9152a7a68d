import ChatWire
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct MetricsTests {
    private static let separate: @Sendable (inout ServerConfiguration) -> Void = {
        $0.metrics = MetricsConfiguration(address: MetricsConfiguration.Address(host: "127.0.0.1", port: 0))
    }

    private func metrics(_ server: TestServer) throws -> MetricTextParser {
        let answer = try HTTPTestClient(port: #require(server.server.metricsPort)).get("/metrics")
        #expect(answer.status == 200)
        #expect(answer.response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try MetricTextParser(answer.text)
    }

    @Test func countersEqualWhatAClientSent() async throws {
        try await TestServer.run(configure: Self.separate) { server in
            let ana = try server.register("Ana")
            let rui = try server.register("Rui")
            let socket = try server.socket(ana)
            let content: JSONValue = ["receiver_id": .integer(rui.id.rawValue), "content": "oi"]
            for _ in 0..<7 { try await send("send_message", content, on: socket) }
            let contact: JSONValue = ["contact_id": .integer(rui.id.rawValue)]
            for _ in 0..<3 { try await send("typing_start", contact, on: socket) }
            let http = try server.http()
            for _ in 0..<5 { #expect(try http.get("/api/auth/me", token: ana.token).status == 200) }
            for _ in 0..<2 { #expect(try http.get("/api/auth/me", token: "x").status == 401) }
            #expect(try http.get("/nothing").status == 404)

            let values = try metrics(server).values
            #expect(values["mychat_events_received_total{kind=\"send_message\"}"] == 7)
            #expect(values["mychat_events_received_total{kind=\"typing_start\"}"] == 3)
            #expect(values["mychat_events_received_total{kind=\"message_read\"}"] == 0)
            let route = "mychat_http_requests_total{method=\"GET\",route=\"/api/auth/me\","
            #expect(values[route + "status=\"2xx\"}"] == 5)
            #expect(values[route + "status=\"4xx\"}"] == 2)
            #expect(
                values["mychat_http_requests_total{method=\"other\",route=\"other\",status=\"4xx\"}"] == 1)
            #expect(values["mychat_http_request_duration_seconds_count"] == 10)
            #expect(values["mychat_refusals_total{reason=\"token\"}"] == 2)
            // Two sign-ups and seven messages, one after the other, at the least.
            #expect(try #require(values["mychat_commit_commands_sum"]) >= 9)
            #expect(values["mychat_commit_duration_seconds_count"] == values["mychat_commit_commands_count"])
            #expect(values["mychat_users_online"] == 1)
            #expect(values["mychat_sessions"] == 1)
            #expect(values["mychat_sign_ups_total{result=\"done\"}"] == 2)
            #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
            #expect(try #require(values["process_open_fds"]) > 5)
            _ = socket
        }
    }

    private func send(_ name: String, _ payload: JSONValue, on socket: SocketTestClient) async throws {
        let id = try socket.emit(name, payload)
        while try !socket.next().hasPrefix("43\(id)") {}
    }

    @Test func onlyTheTokenOpensTheMetricsBesideTheAPI() async throws {
        let token = "a token of sixteen"
        try await TestServer.run(configure: { $0.metrics = MetricsConfiguration(token: token) }) { server in
            #expect(server.server.metricsPort == nil)
            let http = try server.http()
            #expect(try http.get("/metrics").status == 401)
            #expect(try http.get("/metrics", token: token + "x").status == 401)
            let answer = try http.get("/metrics", token: token)
            #expect(answer.status == 200)
            _ = try MetricTextParser(answer.text)
            #expect(try http.post("/metrics", ["a": 1], token: token).status == 405)
        }
    }

    @Test func withoutASettingNobodyReadsTheMetrics() async throws {
        try await TestServer.run { server in
            let http = try server.http()
            #expect(try http.get("/metrics").status == 404)
        }
    }

    @Test func theListenerOfTheMetricsServesNothingElse() async throws {
        try await TestServer.run(configure: Self.separate) { server in
            #expect(try server.http().get("/metrics").status == 404)
            let http = try HTTPTestClient(port: #require(server.server.metricsPort))
            #expect(try http.get("/api/auth/me").status == 404)
            #expect(try http.get("/ready").status == 200)
        }
    }
}

@Suite struct ReadinessTests {
    @Test func answersWhetherTheServerCanServe() async throws {
        let storage = MemoryStorageProvider()
        try await TestServer.run(storage: storage) { server in
            let http = try server.http()
            #expect(try http.get("/ready").text == "ready\n")
            storage.shared.failReads(StorageFailure(.other, detail: "of a test"))
            #expect(try http.get("/ready").status == 503)
            #expect(try http.get("/ready?wait=1ms").text == "not ready\n")
            for wrong in ["61s", "-1", "5m", "x", ""] {
                #expect(try http.get("/ready?wait=\(wrong)").status == 400)
            }
        }
    }

    @Test func waitsUntilTheServerIsReady() async throws {
        let storage = MemoryStorageProvider()
        try await TestServer.run(storage: storage) { server in
            storage.shared.failReads(StorageFailure(.other, detail: "of a test"))
            let waiting = try server.http()
            try waiting.sendRaw(Array("GET /ready?wait=60s HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            // The server takes requests in the order in which they arrive.
            #expect(try server.http().get("/health").status == 503)
            storage.shared.failReads(nil)
            #expect(try waiting.receive(answerTo: .get).status == 200)
        }
    }

    @Test func theOriginalsBehaviourDoesNotHaveIt() async throws {
        try await TestServer.run(configure: { $0.behaviour = .original }) { server in
            let http = try server.http()
            #expect(try http.get("/ready").status == 404)
        }
    }
}
