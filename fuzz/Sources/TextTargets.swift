import ChatWire

func checkWireDate(_ input: [UInt8]) {
    guard let text = String(validating: input, as: UTF8.self), let moment = WireDate.parse(text) else {
        return
    }
    let iso = WireDate.iso(moment)
    guard let again = WireDate.parse(iso) else { fatalError("what is written can be read: \(iso)") }
    requireEqual(WireDate.iso(again), iso, "what is read again is written alike")
    let day = Duration.seconds(86400).components.seconds * 1_000_000
    // Only an offset leads outside the years that the form can represent, by less than a day.
    require(abs(again.microseconds - moment.microseconds) < day, "and is at most moved back inside")
    let http = WireDate.http(again)
    requireEqual(WireDate.parse(http), Timestamp(seconds: again.seconds), "the other form says whole seconds")
}

func checkServerURL(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    guard let url = try? ServerURL(text) else { return }
    require((1...65535).contains(url.port) && !url.host.isEmpty, "a host and a port are there")
    require(
        url.basePath.isEmpty || (url.basePath.hasPrefix("/") && !url.basePath.hasSuffix("/")),
        "the base is a path")
    requireEqual(try? ServerURL(url.description), url, "what is written is read again")
    let request = HTTPRequest(method: .get, target: url.webSocketTarget(sid: text))
    require((try? request.serialized(authority: url.hostHeader)) != nil, "every address can be asked")
}
