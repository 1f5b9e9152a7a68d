/// The version that `mychat --version` prints.
public enum ProgramVersion {
    public static let text = "0.1.0"
}
