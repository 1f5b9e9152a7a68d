import ChatWire
import Foundation

/// The recordings of the deployed server in `fixtures/transcripts`.
enum Transcripts {
    struct RESTCase {
        var name: String
        var method: String
        var path: String
        var requestBody: String?
        var status: Int
        var body: [UInt8]
    }

    /// One event on one connection of a case.
    struct SocketStep {
        var connection: String
        /// True when the client sent it.
        var isOutgoing: Bool
        var frame: String?
        var isClosed: Bool
        /// The body of a polling response or request.
        var body: String?
    }

    struct SocketCase {
        var name: String
        var steps: [SocketStep]

        /// The steps of each connection that has frames, ordered by their first step.
        var connections: [(name: String, steps: [SocketStep])] {
            var names: [String] = []
            for step in steps where step.frame != nil && !names.contains(step.connection) {
                names.append(step.connection)
            }
            return names.map { name in (name, steps.filter { $0.connection == name }) }
        }
    }

    static func load(_ name: String) throws -> JSONValue {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../fixtures/transcripts/\(name).json")
        return try JSONValue(parsing: [UInt8](Data(contentsOf: file)))
    }

    static func rest() throws -> [RESTCase] {
        (try load("rest")["cases"]?.arrayValue ?? []).map { json in
            let (request, response) = (json["request"] ?? .null, json["response"] ?? .null)
            return RESTCase(
                name: json["name"]?.stringValue ?? "",
                method: request["method"]?.stringValue ?? "",
                path: request["path"]?.stringValue ?? "",
                requestBody: request["body"]?.stringValue,
                status: Int(response["status"]?.integerValue ?? 0),
                body: Array((response["body"]?.stringValue ?? "").utf8))
        }
    }

    static func sockets() throws -> [SocketCase] {
        let cases = try load("socket")["cases"]?.objectValue?.members ?? []
        return cases.filter { $0.key != "_users" }.map { member in
            SocketCase(
                name: member.key,
                steps: (member.value["events"]?.arrayValue ?? []).map { json in
                    SocketStep(
                        connection: json["conn"]?.stringValue ?? "",
                        isOutgoing: json["dir"]?.stringValue == "out",
                        frame: json["frame"]?.stringValue,
                        isClosed: json["ws_close"] != nil,
                        body: json["body"]?.stringValue)
                })
        }
    }

    /// The arrays of all recorded events in one direction, from frames of the namespace `/`.
    static func eventPayloads(fromClient: Bool) throws -> [(case: String, payload: [UInt8])] {
        try sockets().flatMap { recorded in
            recorded.steps.compactMap { step in
                guard step.isOutgoing == fromClient, let frame = step.frame, frame.hasPrefix("42"),
                    let bracket = frame.firstIndex(of: "["), !frame.contains("...(1000165)")
                else { return nil }
                return (recorded.name, Array(frame[bracket...].utf8))
            }
        }
    }
}
