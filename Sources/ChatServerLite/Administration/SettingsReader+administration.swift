extension SettingsReader {
    /// `ADMIN_SOCKET`: the path of the socket for administration, or `off`. Without it the socket is beside the database.
    func administrationSocket(of databasePath: String) -> String? {
        guard let found = settings.find("ADMIN_SOCKET") else { return databasePath + ".admin" }
        return found.text.lowercased() == "off" ? nil : found.text
    }
}
