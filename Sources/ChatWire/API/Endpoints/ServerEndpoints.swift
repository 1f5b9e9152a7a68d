// The server itself.
extension API {
    static let serverEndpoints: [any Endpoint.Type] = [Information.self, Health.self]

    public enum Information: OpenEndpoint {
        public static let summary = "The server's name, its version and its extensions."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath("/")
        public static let answer = AnswerFormat<ServerInformation>.plain
    }

    public static func serverInformation() -> APICall<ServerInformation> { Information.call() }

    public enum Health: OpenEndpoint {
        public static let summary =
            "Whether the server and its database are healthy; the HTTP status is 503 when they are not."
        public static let method = HTTPMethod.get
        public static let path = EndpointPath("/health")
        public static let answer = AnswerFormat<ServerHealth>.plain
    }

    public static func health() -> APICall<ServerHealth> { Health.call() }
}
