import Glibc

/// Finds the addresses of a host.
enum Resolver {
    /// More addresses than this are never tried.
    private static let addressesMax = 16

    /// The addresses of `host` with `port`, in the order that the system prefers. Numeric addresses and `localhost`
    /// are answered at once (RFC 6761 section 6.3). All other names go to the system's resolver, on a thread of their
    /// own, because it blocks. That thread may outlive the call; its answer is then dropped.
    static func addresses(
        of host: String, port: UInt16, timeout: Duration, thread: IOThread,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> [SocketAddress] {
        if let known = knownAddresses(of: host, port: port) { return known }
        let answer = OneShot<Result<[SocketAddress], NetError>>()
        let isStarted = Thread.start { answer.resolve(lookUp(host, port: port)) }
        guard isStarted else { throw .localResources(reason: "no thread to look up a name") }
        let timer = thread.schedule(after: timeout) {
            answer.resolve(.failure(.timeout(phase: .resolve, endpoint: host)))
        }
        defer { timer.cancel() }
        return try await answer.value(ifCancelled: .failure(.cancelled)).get()
    }

    static func knownAddresses(of host: String, port: UInt16) -> [SocketAddress]? {
        let name = (host.hasSuffix(".") ? String(host.dropLast()) : host).lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") {
            return [.loopback6(port: port), .loopback4(port: port)]
        }
        return SocketAddress(numericHost: host, port: port).map { [$0] }
    }

    private static func lookUp(_ host: String, port: UInt16) -> Result<[SocketAddress], NetError> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        // A machine without IPv6 gets no IPv6 addresses, and likewise for IPv4.
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { return .failure(failure(code, host: host)) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next, addresses.count < addressesMax {
            if let system = entry.pointee.ai_addr, let address = SocketAddress(system)?.with(port: port),
                !addresses.contains(address)
            {
                addresses.append(address)
            }
            next = entry.pointee.ai_next
        }
        return addresses.isEmpty ? .failure(.hostNotFound(host: host)) : .success(addresses)
    }

    static func failure(_ code: Int32, host: String) -> NetError {
        switch code {
        case EAI_NONAME, -5:  // -5 is EAI_NODATA: the name exists, but has no address.
            .hostNotFound(host: host)
        case EAI_AGAIN:
            .resolverFailed(host: host, reason: "the name service does not answer")
        default:
            .resolverFailed(host: host, reason: String(cString: gai_strerror(code)))
        }
    }
}
