import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The board and the alerts in deploy/ read what a server really says.
@Suite struct DeployedMetricsTests {
    private static let root: URL = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url
    }()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The families of a new server, each with its samples.
    private func report() async throws -> MetricTextParser {
        var text = ""
        try await TestServer.run(configure: {
            $0.metrics = MetricsConfiguration(
                address: MetricsConfiguration.Address(host: "127.0.0.1", port: 0))
        }) { server in
            // The requests of the API are counted from the first one.
            #expect(try server.http().get("/api/auth/me", token: "x").status == 401)
            text = try HTTPTestClient(port: #require(server.server.metricsPort)).get("/metrics").text
        }
        return try MetricTextParser(text)
    }

    private static func names(in text: String) -> Set<String> {
        Set(text.matches(of: #/\b(?:mychat|process)_[a-z_]+[a-z]/#).map { String($0.output) })
    }

    /// A name with its series: those of a histogram have endings.
    private func hasSeries(_ report: MetricTextParser, _ name: String) -> Bool {
        report.values.keys.contains { $0 == name || $0.hasPrefix(name + "{") }
    }

    @Test(arguments: ["deploy/grafana/mychat-server.json", "deploy/prometheus/alerts.yml"])
    func everyMetricThatIsReadExists(path: String) async throws {
        let report = try await report()
        let expressions = try Self.text(path).split(separator: "\n")
            .filter { !$0.contains("annotations") && !$0.contains("description") && !$0.contains("summary") }
            .joined(separator: "\n")
        let names = Self.names(in: expressions)
        #expect(names.count >= 10)
        for name in names { #expect(hasSeries(report, name), "\(path) reads \(name)") }
    }

    /// What nobody looks at need not be measured. The address space says little.
    @Test func theBoardShowsEverything() async throws {
        let board = try Self.text("deploy/grafana/mychat-server.json")
        let shown = Self.names(in: board)
        for name in try await report().types.keys where name != "process_virtual_memory_bytes" {
            #expect(
                shown.contains { $0 == name || $0.hasPrefix(name + "_") }, "the board does not show \(name)")
        }
    }

    @Test func everyPanelHasAUnitAndASentence() throws {
        struct Board: Decodable {
            struct Panel: Decodable {
                struct Fields: Decodable {
                    struct Defaults: Decodable { let unit: String? }
                    let defaults: Defaults
                }
                let type: String
                let title: String
                let description: String?
                let fieldConfig: Fields?
            }
            let panels: [Panel]
        }
        let board = try JSONDecoder().decode(
            Board.self, from: Data(Self.text("deploy/grafana/mychat-server.json").utf8))
        let panels = board.panels.filter { $0.type != "row" }
        #expect(panels.count > 20)
        for panel in panels {
            #expect(panel.description?.hasSuffix(".") == true, "\(panel.title)")
            #expect(panel.fieldConfig?.defaults.unit != nil, "\(panel.title)")
        }
    }

    /// A new server has every counter, so the first event is an increase.
    @Test func countersBeginAtZero() async throws {
        let values = try await report().values
        for name in [
            "mychat_limited_total{action=\"sign_in\",by=\"address\"}",
            "mychat_sign_ins_total{result=\"failed\"}",
            "mychat_sign_ups_total{result=\"done\"}", "mychat_password_queue_full_total",
            "mychat_audit_lines_lost_total",
        ] { #expect(values[name] == 0, "\(name)") }
    }
}
