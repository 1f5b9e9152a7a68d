import ChatClientCore

extension CommandContext {
    /// The profiles that have files here, in the order of their names.
    var profiles: [String] {
        ((try? FileSystem.names(in: settings.directories.data)) ?? []).filter(ProfileName.isValid).sorted()
    }

    /// The same command with another profile: its own server and account, and not those that flags and
    /// environment named for the first one.
    func changed(to profile: String, flags: SettingsFlags) throws(CommandFailure) -> CommandContext {
        var flags = flags
        flags.profile = profile
        flags.server = nil
        let environment = environment.filter { $0.key != "MYCHAT_TOKEN" && $0.key != "MYCHAT_URL" }
        do {
            let settings = try Settings.resolve(flags: flags, environment: environment)
            return CommandContext(
                settings: settings, environment: environment, input: input, output: output, isJSON: isJSON)
        } catch {
            throw strings.failure(error)
        }
    }
}
