import ArgumentParser
import ChatServerLite

/// `mychat-server invite`
struct Invite: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Invite people to create accounts (REGISTRATION=invite).",
        subcommands: [InviteNew.self, InviteList.self, InviteRevoke.self],
        defaultSubcommand: InviteNew.self)
}

/// `mychat-server invite new`
struct InviteNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make an invitation and print its code (the default).",
        discussion: "The server keeps only a hash of the code: it cannot be shown again.")

    @Option(help: "How many accounts it may create.")
    var uses = 1

    @Option(help: "How long it is valid: a number with s, m, h or d.")
    var expires: TimeSpan = TimeSpan(seconds: 7 * 24 * 3600)

    @Flag(help: "Print one line of JSON.")
    var json = false

    @OptionGroup var place: AdministrationPlace

    func validate() throws {
        guard (1...AdministrationRequest.usesMax).contains(uses) else {
            throw ValidationError("--uses is a number from 1 to \(AdministrationRequest.usesMax)")
        }
    }

    func run() throws {
        try place.administrate { administration in
            let answer = try administration.invite(uses: uses, lifetime: expires.seconds)
            StandardOutput.report(answer, asJSON: json)
        }
    }
}

/// `mychat-server invite list`
struct InviteList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the invitations that are valid, by name.")

    @Flag(help: "Print one line of JSON.")
    var json = false

    @OptionGroup var place: AdministrationPlace

    func run() throws {
        try place.administrate { administration in
            StandardOutput.report(try administration.invitations(), asJSON: json)
        }
    }
}

/// `mychat-server invite revoke`
struct InviteRevoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take an invitation back.")

    @Argument(help: "Its code, or its name in the list.")
    var invitation: String

    @OptionGroup var place: AdministrationPlace

    func run() throws {
        try place.administrate { administration in
            try administration.revoke(invitation)
            StandardOutput.line("The invitation is no longer valid.")
        }
    }
}

/// A length of time on the command line, as 90s, 30m, 12h or 7d.
struct TimeSpan: ExpressibleByArgument {
    let seconds: Int

    init(seconds: Int) { self.seconds = seconds }

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 24 * 3600]
        guard let unit = argument.last.flatMap({ units[$0] }), let number = Int(argument.dropLast()),
            (1...AdministrationRequest.lifetimeMax / unit).contains(number)
        else { return nil }
        seconds = number * unit
    }

    var defaultValueDescription: String {
        seconds % (24 * 3600) == 0 ? "\(seconds / (24 * 3600))d" : "\(seconds)s"
    }
}
