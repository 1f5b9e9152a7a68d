import ChatWire

/// The metrics of one node at one moment.
struct MetricsReport: Sendable {
    let context: ServerContext

    /// The report as text. It asks the hub and the sender of pushes for their numbers.
    func text() async -> String {
        let hub = await (sessions: context.hub.connectionCount, users: context.hub.userCount)
        let pushes = await context.push.waitingCount
        return MetricText.text(
            traffic(sessions: hub.sessions, users: hub.users) + storage + load(pushes: pushes)
                + events + ProcessMeasures.families)
    }

    private func traffic(sessions: Int, users: Int) -> [MetricFamily] {
        let counters = context.traffic
        let closed = counters.connections.closed.count
        let opened = counters.connections.opened.count
        return [
            MetricFamily(
                "mychat_connections", .gauge, "Open connections of clients.", max(0, opened - closed)),
            MetricFamily(
                "mychat_connections_opened_total", .counter, "Connections that were accepted.", opened),
            MetricFamily("mychat_sessions", .gauge, "Open realtime sessions.", sessions),
            MetricFamily(
                "mychat_users_online", .gauge, "Users with a signed-in realtime session on this node.", users),
            MetricFamily(
                "mychat_events_received_total", .counter, "Events from signed-in clients, by kind.",
                by: "kind",
                counters.eventCounts.map { ($0.name, $0.count) }),
            MetricFamily(
                "mychat_packets_sent_total", .counter, "Realtime packets that were queued for clients.",
                counters.packetsSent.count),
            requests,
            MetricFamily(
                "mychat_http_request_duration_seconds",
                "Time from the end of a request to its answer, for the API.", counters.requests.times,
                one: 1e9),
        ]
    }

    private var requests: MetricFamily {
        let samples = context.traffic.requests.entries.flatMap { entry in
            entry.counts.map { label, count in
                MetricFamily.Sample(
                    labels: [
                        MetricFamily.Label(name: "method", value: entry.method),
                        MetricFamily.Label(name: "route", value: entry.route),
                        MetricFamily.Label(name: "status", value: label),
                    ], value: Double(count))
            }
        }
        return MetricFamily(
            "mychat_http_requests_total", .counter, "Answers of the API, by route and class of status.",
            samples)
    }

    private var storage: [MetricFamily] {
        let counters = context.traffic.storage
        return [
            MetricFamily(
                "mychat_commit_duration_seconds", "Time of a commit with its commands.",
                counters.commitTimes, one: 1e9),
            MetricFamily(
                "mychat_commit_sync_duration_seconds",
                "Time that a commit waits for the disk, after its commands have run.", counters.syncTimes,
                one: 1e9),
            MetricFamily(
                "mychat_commit_commands", "Commands that a commit carries out together.", counters.groups,
                one: 1),
            MetricFamily(
                "mychat_commit_failures_total", .counter, "Transactions that failed.",
                counters.failures.count),
        ]
    }

    private func load(pushes waiting: Int) -> [MetricFamily] {
        let counters = context.traffic
        let pushes = counters.pushes
        let refusals =
            counters.refusalCounts.map { reason, count in
                (
                    reason.rawValue,
                    count + (reason == .connections ? counters.connections.turnedAway.count : 0)
                )
            }
        return [
            MetricFamily(
                "mychat_queue_length", .gauge, "What waits in the server's queues.", by: "queue",
                [
                    ("writes", context.store.waitingWrites), ("passwords", context.hasher.waitingCount),
                    ("pushes", waiting),
                ]),
            MetricFamily(
                "mychat_unread_bytes", .gauge, "Bytes that wait for clients to read them.", by: "kind",
                [("realtime", context.backlogs.sum), ("answers", context.answers.sum)]),
            MetricFamily(
                "mychat_pushes_total", .counter, "Attempts to deliver a push, by outcome.", by: "outcome",
                [
                    ("delivered", pushes.delivered.count), ("gone", pushes.gone.count),
                    ("refused", pushes.refused.count), ("unavailable", pushes.unavailable.count),
                ]),
            MetricFamily(
                "mychat_refusals_total", .counter, "What clients asked for and did not get, by reason.",
                by: "reason", refusals),
            MetricFamily(
                "mychat_build_info", .gauge, "The version of the server.", by: "version",
                [(ServerVersion.text, 1)]),
        ]
    }

    private var events: [MetricFamily] {
        let known = Dictionary(uniqueKeysWithValues: Counted.all.map { ($0, 0) })
        let counts = context.counters.snapshot.merging(known) { count, _ in count }.map { counted, count in
            let (name, labels) = counted.metric
            let sample = MetricFamily.Sample(
                labels: labels.map { MetricFamily.Label(name: $0.name, value: $0.value) },
                value: Double(count))
            return (name, sample)
        }
        return Dictionary(grouping: counts) { $0.0 }.map { name, samples in
            MetricFamily(
                "mychat_" + name, .counter, Self.meanings[name] ?? "See mychat-server(8).", samples.map(\.1))
        }
    }

    private static let meanings = [
        "limited_total": "Actions that a limit refused, by action and by whose limit it was.",
        "sign_ups_total": "Sign-ups, by result.",
        "sign_ins_total": "Sign-ins, by result.",
        "password_queue_full_total": "Sign-ins and sign-ups that found the queue of passwords full.",
        "audit_lines_lost_total": "Lines of the audit log that could not be written.",
    ]
}
