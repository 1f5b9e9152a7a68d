import ArgumentParser
import ChatClientCore
import ChatTUI
import ChatWire

/// `mychat doctor`
struct Doctor: ResultCommand {
    static let title = "doctor"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "doctor", abstract: HelpText.doctor.text,
            discussion: HelpText.doctorDetails.text)
    }

    @OptionGroup var global: GlobalOptions

    func perform(in context: CommandContext) async throws(CommandFailure) -> CommandResult {
        var findings: [Finding] = []
        let client: ChatClient?
        (client, findings) = await CacheExamination(context: context).run()
        findings += await ServerExamination(context: context).run()
        findings += await AccountExamination(context: context, client: client)
            .run(isServerWell: !findings.contains { $0.verdict == .failed && $0.examination != .cache })
        await client?.disconnect()
        let failure = findings.first { $0.verdict == .failed }?.failure
        let fields: JSONObject = [
            "server": .string(context.settings.server.description),
            "checks": .array(findings.map(\.json)),
        ]
        let title = context.strings.examined(context.settings.server)
        return CommandResult(
            status: failure?.status ?? .success, fields: fields,
            lines: [title] + TextTable.lines(findings.map { $0.columns(context) }),
            remark: failure?.line)
    }
}
