import ChatClientCore
import ChatNet
import ChatWire

/// Cleaning up: a scenario leaves as little behind as the API allows.
struct CleanUp {
    let context: ScenarioContext
    private var rest: RESTSteps { RESTSteps(context: context) }
    private var sockets: SocketSteps { SocketSteps(context: context) }
    private var raw: RawSteps { RawSteps(context: context) }
    private var clients: ClientSteps { ClientSteps(context: context) }
    private var pushes: PushSteps { PushSteps(context: context) }

    /// Closes everything and deletes what was created.
    ///
    /// - Returns: what remains, in words.
    func run() async -> [String] {
        var leftBehind: [String] = []
        for name in context.order {
            guard let person = context.people[name] else { continue }
            await person.gate?.change(to: .open)
            await collectMessages(of: person)
            await pushes.close(person)
            for device in person.devices.values {
                await clients.stop(device)
                await sockets.close(device)
                await raw.closeNow(device)
            }
            leftBehind += await deleteThings(of: person)
        }
        for person in context.people.values {
            await person.http.closeIdleConnections()
            await person.gate?.stop()
        }
        await context.http.closeIdleConnections()
        await context.pool.giveBack(context.leased)
        return leftBehind
    }

    /// Collects the messages that clients have sent.
    private func collectMessages(of person: Person) async {
        for client in person.devices.values.compactMap(\.client) {
            for other in context.people.values where other.id != person.id {
                let timeline = try? await client.timeline(with: UserID(other.id), limit: 200)
                for row in timeline?.rows ?? [] where row.isMine {
                    if let id = row.messageID { person.messages.insert(id.rawValue) }
                }
            }
        }
    }

    private func deleteThings(of person: Person) async -> [String] {
        let things =
            person.messages.sorted().map { "/api/messages/\($0)" }
            + person.contacts.sorted().map { "/api/contacts/\($0)" }
        guard !things.isEmpty else { return [] }
        guard context.settings.mayDelete else {
            return [
                "\(person.name)'s \(person.messages.count) messages and \(person.contacts.count) contacts"
            ]
        }
        var leftBehind: [String] = []
        for path in things {
            // What a step has already deleted is gone, which is just as good.
            let answer = try? await rest.request(.delete, path, nil, token: person.token, as: person)
            if answer == nil || answer.map({ $0.status >= 500 }) == true { leftBehind.append(path) }
        }
        return leftBehind
    }
}
