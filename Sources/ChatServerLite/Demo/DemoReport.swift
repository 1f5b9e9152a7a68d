import ChatWire

/// What a demonstration prints when it is ready.
public enum DemoReport {
    /// One line of JSON for programs: the address, and the accounts with their passwords.
    public static func json(url: String, passwords: DemoPasswords) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("url")
        writer.string(url)
        writer.key("accounts")
        writer.beginArray()
        for person in DemoPerson.allCases {
            writer.beginObject()
            writer.key("id")
            writer.integer(id(of: person))
            writer.key("name")
            writer.string(person.name)
            writer.key("email")
            writer.string(person.email)
            writer.key("password")
            writer.string(passwords.password(of: person))
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.finished(), as: UTF8.self)
    }

    /// The same for people, with the exact command that joins from a second terminal.
    ///
    /// - Parameter program: the command that runs the client.
    public static func text(url: String, program: String, passwords: DemoPasswords) -> String {
        var lines = ["MyChat demo server: \(url)", "", "Accounts:"]
        for person in DemoPerson.allCases {
            lines.append(
                "  \(padded(person.name, 14))\(padded(person.email, 20))password \(passwords.password(of: person))"
            )
        }
        let bia = DemoPerson.bia
        lines += [
            "", "Join from a second terminal:",
            "  echo \(passwords.password(of: bia)) | \(program) --profile demo-bia --server \(url) "
                + "login \(bia.email) --password-stdin && \(program) --profile demo-bia",
            "", "Ctrl-C stops the server and leaves nothing behind.",
        ]
        return lines.joined(separator: "\n")
    }

    /// The id of a person's account. The database numbers the accounts in this order.
    private static func id(of person: DemoPerson) -> Int { person.rawValue + 1 }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
