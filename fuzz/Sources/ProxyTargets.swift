import ChatWire

@testable import ChatNet

private struct ProxyRun: Equatable {
    var sent: [UInt8] = []
    var leftover: [UInt8] = []
    var isOpen = false
    var failure: ProxyFailure?
}

/// Feeds `pieces` until the path is open, as the connection does; later bytes belong to the server.
private func run(_ pieces: [[UInt8]], proxy: ProxyServer, target: ProxyHandshake.Target) -> ProxyRun {
    var handshake = ProxyHandshake(proxy, to: target)
    var run = ProxyRun()
    do throws(ProxyFailure) {
        run.sent = try handshake.start()
        for piece in pieces {
            if handshake.isOpen {
                run.leftover += piece
            } else {
                run.sent += try handshake.receive(piece)
                if handshake.isOpen { run.leftover = handshake.leftover }
            }
        }
        if !handshake.isOpen { try handshake.receiveEnd() }
    } catch {
        // What was sent before the failure depends on the pieces, and has no meaning any more.
        run.sent = []
        run.failure = error
    }
    run.isOpen = handshake.isOpen
    return run
}

/// The first byte chooses the kind of proxy, its target, and whether there is a password; the rest is the proxy's
/// answer.
func checkProxyAnswer(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let kind: ProxyServer.Kind = first & 1 == 0 ? .http : .socks5(resolvesLocally: first & 2 != 0)
    let credentials = ProxyServer.Credentials(user: "ana", password: "s")
    let proxy = ProxyServer(
        kind, host: "proxy", port: 1080, credentials: first & 4 != 0 ? credentials : nil)
    let target: ProxyHandshake.Target =
        first & 2 != 0
        ? .address(.ipv4(bytes: [192, 0, 2, 1], port: 443)) : .name("example.org", port: 443)
    let bytes = Array(input.dropFirst())
    let whole = run([bytes], proxy: proxy, target: target)
    requireEqual(
        whole, run(bytes.map { [$0] }, proxy: proxy, target: target), "bytes may be cut anywhere")
    require(whole.isOpen == (whole.failure == nil), "a proxy either opens the way or fails")
    require(whole.leftover.count < bytes.count || bytes.isEmpty, "an open way takes an answer")
    require(
        whole.leftover.isEmpty || bytes.suffix(whole.leftover.count).elementsEqual(whole.leftover),
        "what follows the answer is untouched")
}

/// A proxy's address in the form of the environment and the configuration.
func checkProxyAddress(_ input: [UInt8]) {
    guard let proxy = try? ProxyServer(String(decoding: input, as: UTF8.self)) else { return }
    require((1...65535).contains(proxy.port) && !proxy.host.isEmpty, "a host and a port are there")
    let again = try? ProxyServer(proxy.endpoint)
    require(again?.host == proxy.host && again?.port == proxy.port, "what is written is read again")
}
