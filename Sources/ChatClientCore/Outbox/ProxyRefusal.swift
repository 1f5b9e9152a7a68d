/// What stands beside a message that a proxy, a filter or a firewall on the way did not let through.
enum ProxyRefusal {
    /// The status and its name, which is the same in each language (RFC 9110 section 15.5).
    static func words(_ status: Int) -> String {
        guard let name = names[status] else { return "proxy: HTTP \(status)" }
        return "proxy: HTTP \(status) \(name)"
    }

    private static let names = [
        400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required",
        409: "Conflict",
        410: "Gone", 411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large",
        414: "URI Too Long", 415: "Unsupported Media Type", 417: "Expectation Failed",
        421: "Misdirected Request", 422: "Unprocessable Content", 423: "Locked", 424: "Failed Dependency",
        426: "Upgrade Required", 428: "Precondition Required", 431: "Request Header Fields Too Large",
        451: "Unavailable For Legal Reasons",
    ]
}
