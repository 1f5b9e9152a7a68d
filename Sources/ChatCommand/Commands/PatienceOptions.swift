import ArgumentParser
import ChatTUI
import ChatWire

/// How a command that needs the server's word waits for it.
struct PatienceOptions: ParsableArguments {
    @Flag(help: "Succeed also when the server can only be told later.")
    var queue = false

    @Option(help: ArgumentHelp("How long to wait for the server.", valueName: "duration"))
    var timeout = DurationArgument(.seconds(15))

    /// The result of something that is done here, but that the server may not know of yet.
    ///
    /// - Parameter untold: why the server was not told; nil when it was.
    func result(
        fields: JSONObject, lines: [String], untold: CommandFailure?, _ context: CommandContext
    ) -> CommandResult {
        guard let untold else { return CommandResult(fields: fields, lines: lines) }
        let remark = "\(context.strings.toldLater): \(untold.line)"
        // What waiting does not mend is said as what it is.
        let status = untold.status == .network || untold.status == .timeout ? .queued : untold.status
        // A gateway that answers in the server's place goes away as a network's trouble does.
        let isPassing = status == .queued || status == .unexpectedAnswer
        return CommandResult(
            status: queue && isPassing ? .success : status, fields: fields, lines: lines, remark: remark)
    }
}
