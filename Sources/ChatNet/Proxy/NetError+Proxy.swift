extension NetError {
    /// The failure of a connection to a proxy, as a failure of the proxy.
    func ofProxy(_ proxy: ProxyServer) -> NetError {
        switch self {
        case .proxy(let failure, _): .proxy(failure, proxy: proxy.endpoint)
        case .hostNotFound:
            .proxy(.unreachable(reason: "there is no host of that name"), proxy: proxy.endpoint)
        case .resolverFailed(_, let reason), .unreachable(_, let reason):
            .proxy(.unreachable(reason: reason), proxy: proxy.endpoint)
        case .refused: .proxy(.unreachable(reason: "connection refused"), proxy: proxy.endpoint)
        case .timeout: .proxy(.timeout, proxy: proxy.endpoint)
        case .closed: .proxy(.closed, proxy: proxy.endpoint)
        default: self
        }
    }
}
