import ChatWire

/// Whole connections: frames from one into the other.
func measureFrames() {
    measure("small frames", payload: [UInt8](repeating: 0x61, count: 32), count: 20_000)
    measure("1 MiB frames", payload: [UInt8](repeating: 0x61, count: 1 << 20), count: 8)
}

/// Text from client to server, so that it is masked, unmasked and checked to be UTF-8. The server gets it in pieces
/// of 64 KiB, as from a socket.
private func measure(_ name: String, payload: [UInt8], count: Int) {
    let encoding = shortest(count: count) {
        var client = WebSocketConnection(role: .client)
        for _ in 0..<count {
            client.send(text: payload)
            client.drainOutput { use($0.count) }
        }
    }
    var client = WebSocketConnection(role: .client)
    for _ in 0..<count { client.send(text: payload) }
    let stream = client.takeOutput()
    let decoding = shortest(count: count) {
        var server = WebSocketConnection(role: .server)
        var found = 0
        stream.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 64 * 1024) {
                server.receive(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 64 * 1024, bytes.count)]))
                while let event = server.nextEvent() {
                    if case .text = event { found += 1 }
                }
            }
        }
        precondition(found == count, "every frame arrives")
    }
    for (verb, time) in [("encoded", encoding), ("decoded", decoding)] {
        let megabytes = Double(payload.count) / time / 1e6
        print("\(name)   \(verb) \(text(1 / time)) a second, \(text(megabytes)) MB/s")
    }
}
