import Testing

@testable import ChatServerLite

@Suite struct MetricTextTests {
    @Test func writesFamiliesAndSamplesInOrder() throws {
        let text = MetricText.text([
            MetricFamily("b_total", .counter, "Second.", by: "kind", [("y", 2), ("x", 1)]),
            MetricFamily("a", .gauge, "First.", 7),
        ])
        #expect(
            text == """
                # HELP a First.
                # TYPE a gauge
                a 7
                # HELP b_total Second.
                # TYPE b_total counter
                b_total{kind="x"} 1
                b_total{kind="y"} 2

                """)
        #expect(try MetricTextParser(text).values["b_total{kind=\"y\"}"] == 2)
    }

    @Test func escapesHelpAndLabels() throws {
        let text = MetricText.text([
            MetricFamily("a", .gauge, "A \\ and a\nline, \"quoted\".", by: "l", [("\\ \" \n", 1)])
        ])
        #expect(
            text == #"""
                # HELP a A \\ and a\nline, "quoted".
                # TYPE a gauge
                a{l="\\ \" \n"} 1

                """#)
        _ = try MetricTextParser(text)
    }

    @Test func addsUpTheBucketsOfAHistogram() throws {
        let histogram = Histogram(bounds: [1_000_000, 2_000_000])
        for time in [1, 1_000_000, 1_000_001, 5_000_000] { histogram.observe(time) }
        let text = MetricText.text([MetricFamily("t_seconds", "Time.", histogram, one: 1e9)])
        #expect(
            text == """
                # HELP t_seconds Time.
                # TYPE t_seconds histogram
                t_seconds_bucket{le="0.001"} 2
                t_seconds_bucket{le="0.002"} 3
                t_seconds_bucket{le="+Inf"} 4
                t_seconds_sum 0.007000002
                t_seconds_count 4

                """)
        _ = try MetricTextParser(text)
    }

    @Test(arguments: [
        "a 1\n", "# HELP a A.\n# TYPE a gauge\na 1", "# HELP a A.\n# TYPE a gauge\na 1\na 1\n",
        "# HELP b B.\n# TYPE b gauge\nb 1\n# HELP a A.\n# TYPE a gauge\na 1\n",
        "# HELP a A.\n# TYPE a counter\na 1\n", "# HELP a A.\n# TYPE a gauge\na{l=\"\\x\"} 1\n",
    ])
    func theStrictReaderRefuses(_ text: String) {
        #expect(throws: MetricTextParser.Violation.self) { try MetricTextParser(text) }
    }

    @Test func readsAddresses() {
        #expect(
            MetricsConfiguration.Address(parsing: "[::1]:9464")
                == MetricsConfiguration.Address(host: "::1", port: 9464))
        #expect(MetricsConfiguration.Address(parsing: "localhost:0")?.port == 0)
        for wrong in ["9464", ":9464", "::1:9464", "a:", "a:65536", "[]:1"] {
            #expect(MetricsConfiguration.Address(parsing: wrong) == nil)
        }
    }

    @Test func refusesAWeakToken() {
        let settings = ServerSettings(flags: ["METRICS_TOKEN": "short"])
        #expect(throws: ConfigurationError.self) { try MetricsConfiguration(settings: settings) }
    }
}
