import ChatWire
import Glibc

/// Counts the memory allocations of the hot path. allocations.c counts them when Benchmarks/run has preloaded it;
/// without it nothing is printed.
func measureAllocations() throws {
    // Searches the program itself and the libraries preloaded for it.
    guard let symbol = dlsym(nil, "allocation_count") else { return }
    let read = unsafeBitCast(symbol, to: (@convention(c) () -> CLong).self)

    let count = 10_000
    let payload = [UInt8](repeating: 0x61, count: 32)
    var client = WebSocketConnection(role: .client)
    var server = WebSocketConnection(role: .server)
    let sent = Counted(read) {
        for _ in 0..<count {
            client.send(text: payload)
            client.drainOutput { use($0.count) }
        }
    }
    for _ in 0..<count { client.send(text: payload) }
    let stream = client.takeOutput()
    var found = 0
    let received = Counted(read) {
        stream.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 64 * 1024) {
                server.receive(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 64 * 1024, bytes.count)]))
                while case .text? = server.nextEvent() { found += 1 }
            }
        }
    }
    precondition(found == count, "every frame arrives")
    print("allocations   a frame sent \(sent.text(for: count)), received \(received.text(for: count))")

    let newMessage = ServerEvent.newMessage(sampleMessage)
    let packet = newMessage.packet().bytes
    let json = Array(packet.dropFirst(2))
    let encoded = Counted(read) {
        for _ in 0..<count { use(newMessage.packet().bytes) }
    }
    var failures = 0
    let decoded = Counted(read) {
        for _ in 0..<count {
            do { use(try ServerEvent.decode(json[...])) } catch { failures += 1 }
        }
    }
    precondition(failures == 0, "what is counted works")
    print(
        "allocations   new_message encoded \(encoded.text(for: count)), decoded \(decoded.text(for: count)) "
            + "(its four texts and what holds them)")
}

/// The allocations of a piece of work.
private struct Counted {
    let allocations: Int

    init(_ read: @convention(c) () -> CLong, _ body: () -> Void) {
        let before = read()
        body()
        allocations = Int(read() - before)
    }

    func text(for count: Int) -> String {
        let thousandths = (allocations * 1000 + count / 2) / count
        let fraction = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
    }
}
