import ChatWire

/// The result of a command, for people and for programs.
public struct CommandResult: Hashable, Sendable {
    public var status: ExitStatus
    /// The members of the JSON object, besides those that every object has.
    public var fields: JSONObject
    /// The lines for people, sanitised, without their ends.
    public var lines: [String]
    /// An additional line for standard error, such as why a message is not confirmed.
    public var remark: String?
    /// True for lines that are meant for a program and must not be wrapped to fit a terminal.
    public var isVerbatim: Bool

    public init(
        status: ExitStatus = .success, fields: JSONObject, lines: [String], remark: String? = nil,
        isVerbatim: Bool = false
    ) {
        self.status = status
        self.fields = fields
        self.lines = lines
        self.remark = remark
        self.isVerbatim = isVerbatim
    }
}

/// The JSON objects that `--json` prints: one per command, on one line.
///
/// {"schema":1,"command":"whoami","ok":true,…}
/// {"schema":1,"command":"whoami","ok":false,"error":{"kind":"unauthorized","code":77,"message":"…"}}
///
/// `ok` is true when the exit status is 0. Members may be added under the same `schema`; it rises when a member
/// changes its meaning or is removed.
public enum JSONOutput {
    public static let schema: Int64 = 1

    /// The object on one line. Everything that is not visible text is escaped, so that a terminal shows the line
    /// unchanged; programs read the same values.
    public static func line(_ object: JSONValue) -> String {
        String(decoding: VisibleText.json(object.serialized()), as: UTF8.self) + "\n"
    }

    /// The object of a successful command.
    public static func object(command: String, result: CommandResult) -> JSONValue {
        var object = head(command: command, isSuccess: result.status == .success)
        if result.status != .success {
            object.append("error", error(result.status, message: result.remark ?? "", advice: nil))
        }
        for member in result.fields.members { object.append(member.key, member.value) }
        return .object(object)
    }

    /// The object of a command that failed.
    public static func object(command: String, failure: CommandFailure) -> JSONValue {
        var object = head(command: command, isSuccess: false)
        object.append("error", error(failure.status, message: failure.message, advice: failure.advice))
        return .object(object)
    }

    private static func head(command: String, isSuccess: Bool) -> JSONObject {
        ["schema": .integer(schema), "command": .string(command), "ok": .bool(isSuccess)]
    }

    private static func error(_ status: ExitStatus, message: String, advice: String?) -> JSONValue {
        var object: JSONObject = [
            "kind": .string(status.name), "code": .integer(Int64(status.rawValue)),
            "message": .string(message),
        ]
        if let advice { object.append("advice", .string(advice)) }
        return .object(object)
    }
}
