import ChatWire

/// Sends a message in one step.
struct MessageSteps {
    let context: ScenarioContext
    private var rest: RESTSteps { RESTSteps(context: context) }
    private var sockets: SocketSteps { SocketSteps(context: context) }

    /// Sends a message and waits until it is confirmed.
    func send(
        _ sending: Sending, _ person: Person, _ device: Device, _ subject: Subject
    ) async throws(StepFailure) {
        let receiver = try context.other(sending.receiver).id
        let text = try context.value(of: sending.text)
        let tempID = try sending.tempID.map { (expression) throws(StepFailure) in
            try context.value(of: expression)
        }
        let message =
            sending.isByREST
            ? try await sendByREST(receiver, text, tempID, person)
            : try await sendBySocket(receiver, text, tempID ?? .string(Scope.randomWord()), device, subject)
        if let name = sending.name { context.scope[name] = message }
    }

    private func sendByREST(
        _ receiver: Int64, _ text: JSONValue, _ tempID: JSONValue?, _ person: Person
    ) async throws(StepFailure) -> JSONValue {
        var body: JSONObject = ["receiver_id": .integer(receiver), "content": text]
        if let tempID { body.append("temp_id", tempID) }
        let answer = try await rest.request(
            .post, "/api/messages/send", .object(body), token: person.token, as: person)
        guard answer.status == 201, let message = answer.body?["data"]?["message"],
            let id = message["id"]?.integerValue
        else {
            throw StepFailure(
                expected: "the message to be sent", came: "\(answer.status) \(answer.text.prefix(300))")
        }
        person.messages.insert(id)
        return message
    }

    private func sendBySocket(
        _ receiver: Int64, _ text: JSONValue, _ tempID: JSONValue, _ device: Device, _ subject: Subject
    ) async throws(StepFailure) -> JSONValue {
        let socket = try sockets.usableSocket(device, subject)
        let event: JSONValue = [
            "send_message", ["receiver_id": .integer(receiver), "content": text, "temp_id": tempID],
        ]
        let start = device.inbox.items.count
        try await sockets.ask(event.description, socket, subject)
        // The acknowledgement follows the events about the message.
        let said = device.inbox.items[min(start, device.inbox.items.count)...]
        if let refusal = said.first(where: { $0.name == "message_error" || $0.name == "error" }) {
            throw StepFailure(expected: "the message to be confirmed", came: refusal.text)
        }
        let confirmation = said.first { item in
            (item.name == "message_confirmed" || item.name == "message_sent")
                && item.payload["temp_id"] == tempID
        }
        guard let message = confirmation?.payload["message"] else {
            throw StepFailure(expected: "the message to be confirmed", came: "no word about it")
        }
        device.inbox.remove { item in
            ["message_sending", "message_confirmed", "message_sent"].contains(item.name)
                && item.payload["temp_id"] == tempID
        }
        return message
    }
}
