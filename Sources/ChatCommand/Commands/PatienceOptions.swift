import ArgumentParser
import ChatTUI
import ChatWire

/// How a command waits for the server's confirmation.
struct PatienceOptions: ParsableArguments {
    @Flag(help: HelpText.queue.help)
    var queue = false

    @Option(help: HelpText.timeout.help(.duration))
    var timeout = DurationArgument(.seconds(15))

    /// The result of something that is done here, but that the server may not know yet.
    ///
    /// - Parameter untold: why the server was not told; nil when it was.
    func result(
        fields: JSONObject, lines: [String], untold: CommandFailure?, _ context: CommandContext
    ) -> CommandResult {
        guard let untold else { return CommandResult(fields: fields, lines: lines) }
        let remark = "\(context.strings.toldLater): \(untold.line)"
        // A failure that waiting cannot fix keeps its own status.
        let status = untold.status == .network || untold.status == .timeout ? .queued : untold.status
        // A gateway's answer is temporary, like a network problem.
        let isPassing = status == .queued || status == .unexpectedAnswer
        return CommandResult(
            status: queue && isPassing ? .success : status, fields: fields, lines: lines, remark: remark)
    }
}
