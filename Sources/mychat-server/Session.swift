import ArgumentParser
import ChatServerLite

/// `mychat-server session`
struct Session: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "See where people are signed in, and sign them out.",
        discussion: "An account is named by its address or its number.",
        subcommands: [SessionList.self, SessionEnd.self])
}

/// `mychat-server session list`
struct SessionList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List where a person is signed in, the last used first.")

    @Argument(help: "The address or the number of the account.")
    var user: String

    @Flag(help: "Print one line of JSON.")
    var json = false

    @OptionGroup var place: AdministrationPlace

    func run() throws {
        try place.administrate { administration in
            StandardOutput.report(try administration.sessions(ofUser: user), asJSON: json)
        }
    }
}

/// `mychat-server session end`
struct SessionEnd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "end", abstract: "Sign a person out in one place, or everywhere.",
        discussion: "The password stays valid: to keep somebody out, replace it or disable the account.")

    @Argument(help: "The address or the number of the account.")
    var user: String

    @Argument(help: "The number of the session, as the list shows it.")
    var session: Int64?

    @Flag(help: "End all sessions of the account.")
    var all = false

    @OptionGroup var place: AdministrationPlace

    func validate() throws {
        guard (session == nil) == all, session.map({ $0 > 0 }) ?? true else {
            throw ValidationError("name one session by its number in the list, or say --all")
        }
    }

    func run() throws {
        try place.administrate { administration in
            let count = try administration.endSessions(ofUser: user, session)
            StandardOutput.line("Sessions ended: \(count)")
        }
    }
}
