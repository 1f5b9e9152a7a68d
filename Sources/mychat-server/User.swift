import ArgumentParser
import ChatServerLite

/// `mychat-server user`
struct User: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look after the accounts, whether the server runs or not.",
        discussion: """
            The commands go through the running server. Without one they open the database themselves, and no server \
            can start meanwhile. An account is named by its address or its number.
            """,
        subcommands: [
            UserList.self, UserAdd.self, UserPassword.self, UserDisable.self, UserEnable.self,
            UserDelete.self,
            UserExport.self,
        ],
        defaultSubcommand: UserList.self)
}

/// `mychat-server user list`
struct UserList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the accounts, page by page.")

    @Option(help: "Begin after the account with this number.")
    var after: Int64 = 0

    @Option(help: "The most accounts to list, up to 1000.")
    var limit = 100

    @Flag(help: "Print one line of JSON.")
    var json = false

    @OptionGroup var place: AdministrationPlace

    func validate() throws {
        guard (1...AdministrationRequest.pageMax).contains(limit), after >= 0 else {
            throw ValidationError("--limit is a number from 1 to \(AdministrationRequest.pageMax)")
        }
    }

    func run() throws {
        try place.administrate { administration in
            StandardOutput.report(try administration.users(after: after, limit: limit), asJSON: json)
        }
    }
}

/// `mychat-server user add`
struct UserAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Create an account, whoever may register.",
        discussion: "The password is asked for, or is the first line of standard input.")

    @Argument(help: "The address that the person signs in with.")
    var email: String

    @Argument(help: "The name that others see.")
    var name: String

    @Flag(help: "Print one line of JSON.")
    var json = false

    @OptionGroup var place: AdministrationPlace

    func run() throws {
        try place.administrate { administration in
            let answer = try administration.addUser(
                name: name, email: email, password: try PasswordInput.read())
            StandardOutput.report(answer, asJSON: json)
        }
    }
}

/// `mychat-server user password`
struct UserPassword: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Replace the password of an account.",
        discussion: "The new password is asked for, or is the first line of standard input.")

    @Argument(help: "The address or the number of the account.")
    var user: String

    @OptionGroup var place: AdministrationPlace

    func run() throws {
        try place.administrate { administration in
            let record = try administration.setPassword(ofUser: user, try PasswordInput.read())
            StandardOutput.line("The password is replaced: " + AdministrationReport.line(record).trimmed)
        }
    }
}

/// `mychat-server user disable`
struct UserDisable: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Sign a person out everywhere, and refuse the next sign-in.",
        discussion: "Nothing is deleted: messages that others write wait until the account is enabled again.")

    @Argument(help: "The address or the number of the account.")
    var user: String

    @Flag(help: "Print one line of JSON.")
    var json = false

    @OptionGroup var place: AdministrationPlace

    func run() throws {
        try place.administrate { administration in
            StandardOutput.report(try administration.setDisabled(user: user, true), asJSON: json)
        }
    }
}

/// `mychat-server user enable`
struct UserEnable: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a person use a disabled account again.")

    @Argument(help: "The address or the number of the account.")
    var user: String

    @Flag(help: "Print one line of JSON.")
    var json = false

    @OptionGroup var place: AdministrationPlace

    func run() throws {
        try place.administrate { administration in
            StandardOutput.report(try administration.setDisabled(user: user, false), asJSON: json)
        }
    }
}

/// `mychat-server user delete`
struct UserDelete: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete what the server knows about a person.",
        discussion: """
            The name, the address, the password, the contacts and the subscriptions are deleted. Others see a deleted \
            account in their conversations. What the person wrote stays with those who received it, unless --messages \
            is given; what others wrote stays theirs. Backups keep everything until they are deleted.
            """)

    @Argument(help: "The address or the number of the account.")
    var user: String

    @Option(help: "First write an export of the account to this new file.", completion: .file())
    var export: String?

    @Flag(help: "Delete without an export.")
    var withoutExport = false

    @Flag(help: "Also delete the messages that the person wrote, for both sides.")
    var messages = false

    @OptionGroup var place: AdministrationPlace

    func validate() throws {
        guard (export == nil) == withoutExport else {
            throw ValidationError("name a file with --export FILE, or say --without-export")
        }
    }

    func run() throws {
        try place.administrate { administration in
            if let export {
                let count = try administration.export(user: user, to: export)
                StandardOutput.line("The export with \(count) messages is in \(export).")
            }
            let count = try administration.erase(user: user, withMessages: messages)
            StandardOutput.line(
                messages ? "The account and \(count) messages are deleted." : "The account is deleted.")
        }
    }
}

/// `mychat-server user export`
struct UserExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write everything that concerns a person to a file, as JSON.",
        discussion: """
            The file has the account, the contacts, the sessions, the subscriptions, and the messages that the person \
            wrote or received. It has mode 0600.
            """)

    @Argument(help: "The address or the number of the account.")
    var user: String

    @Argument(help: "The file to write. It must not exist.", completion: .file())
    var file: String

    @OptionGroup var place: AdministrationPlace

    func run() throws {
        try place.administrate { administration in
            let count = try administration.export(user: user, to: file)
            StandardOutput.line("The export with \(count) messages is in \(file).")
        }
    }
}

extension String {
    /// The text without blanks at its beginning.
    fileprivate var trimmed: Substring { drop { $0 == " " } }
}
