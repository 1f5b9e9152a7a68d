import ChatWire
import Foundation

/// The recordings of the real API.
enum Recordings {
    private static func load(_ name: String) throws -> JSONValue {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        let data = try Data(contentsOf: url.appendingPathComponent("fixtures/transcripts/\(name).json"))
        return try JSONValue(parsing: [UInt8](data))
    }

    static let rest = Result { try load("rest") }
    static let socket = Result { try load("socket") }
    static let push = Result { try load("push") }

    /// The key that signed all recorded tokens.
    static var secret: [UInt8] {
        get throws { Array((try rest.get()["jwt_secret"]?.stringValue ?? "").utf8) }
    }
}
