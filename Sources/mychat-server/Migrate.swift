import ArgumentParser
import ChatServerLite
import ChatServerSQLite

/// `mychat-server migrate`
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the schema of the database up to date, with a backup before.",
        discussion: """
            A server does this at its start, without a backup. This command refuses while a server uses the database.
            """)

    @Flag(help: "Only say what would be done; the status is 1 when there is something.")
    var check = false

    @OptionGroup var place: DatabasePlace

    func run() throws {
        try CommandFailure.exiting {
            let path = try place.path()
            let plan = try DatabaseMigration.plan(for: path)
            guard !plan.isEmpty else {
                return StandardOutput.line("\(path) has the schema \(plan.known), which is up to date.")
            }
            StandardOutput.line("\(path) has the schema \(plan.found); this version has \(plan.known):")
            for (offset, step) in plan.steps.enumerated() {
                StandardOutput.line("  \(plan.found + offset + 1)  \(step)")
            }
            if check { throw ExitCode(1) }
            guard let backup = try DatabaseMigration.run(path) else { return }
            try place.record("migrate")
            StandardOutput.line("The database is migrated. The former one is in \(backup).")
        }
    }
}
