import ChatClientCore
import ChatTUI
import ChatWire

/// Prints what `push listen` receives: lines for people, or one JSON object per push.
struct PushPrinter {
    let context: CommandContext

    func began(_ endpoint: String) {
        guard !context.isJSON else { return print(["event": "listening", "endpoint": .string(endpoint)]) }
        context.output.write("mychat: \(context.strings.listening)\n", to: .standardError)
    }

    func received(_ push: ReceivedPush) {
        guard !context.isJSON else {
            return print([
                "event": "push", "title": .string(push.title), "body": .string(push.body),
                "type": .string(push.kind),
                "sender_id": push.senderID.map { .integer($0.rawValue) } ?? .null,
                "sender_name": push.senderName.map(JSONValue.string) ?? .null,
            ])
        }
        let time = LocalTime.time(.now)
        let line = "\(time)  \(Sanitizer.line(push.title)): \(Sanitizer.line(push.body))"
        context.output.write(
            context.fitted(line, indent: "       ").joined(separator: "\n") + "\n", to: .standardOutput)
    }

    func rejected(_ rejection: PushRejection) {
        guard !context.isJSON else {
            return print(["event": "rejected", "status": .integer(Int64(rejection.status))])
        }
        let words = context.strings.pushRejected("\(rejection)")
        context.output.write("mychat: \(words)\n", to: .standardError)
    }

    private func print(_ fields: JSONObject) {
        let object = JSONOutput.object(
            command: Push.Listen.title, result: CommandResult(fields: fields, lines: []))
        context.output.writeVerbatim(JSONOutput.line(object))
    }
}
