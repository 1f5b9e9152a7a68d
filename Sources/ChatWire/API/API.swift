/// The REST API: its endpoints (`Endpoints/`), and the client's calls of them. Text is sent unchanged: the server strips
/// and checks it.
public enum API {
    /// The longest body of a request, in bytes, for endpoints that do not say otherwise.
    public static let smallBodyBytesMax = 8192

    /// Every endpoint, in the order in which documents list them.
    public static let endpoints: [any Endpoint.Type] =
        serverEndpoints + accountEndpoints + sessionEndpoints + contactEndpoints + messageEndpoints
        + syncEndpoints + pushEndpoints
}
