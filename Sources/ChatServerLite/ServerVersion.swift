/// The version of this server.
public enum ServerVersion {
    public static let text = "0.1.0"
}
