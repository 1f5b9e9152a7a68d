import ChatWire
import Glibc

/// The realtime side of a server that answers a token as the test says.
struct ScriptedRealtime {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Opens a session, takes the token, and sends these packets; then waits until the client leaves.
    func answer(_ head: [UInt8], _ packets: [String]) {
        guard let request = Self.request(head), let response = try? WebSocketServerHandshake.accept(request)
        else { return }
        FilteringProxy.write(response.serializedHead(), to: descriptor)
        var machine = WebSocketConnection(role: .server)
        let opening =
            #"0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":60000,"maxPayload":1000000}"#
        send([opening], &machine)
        var isAnswered = false
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            machine.receive(Array(buffer.prefix(count)))
            while let event = machine.nextEvent() {
                guard !isAnswered, case .text(let text) = event, text.starts(with: "40".utf8) else {
                    continue
                }
                isAnswered = true
                send(packets, &machine)
            }
            FilteringProxy.write(machine.takeOutput(), to: descriptor)
        }
    }

    private func send(_ packets: [String], _ machine: inout WebSocketConnection) {
        for packet in packets { machine.send(text: packet) }
        FilteringProxy.write(machine.takeOutput(), to: descriptor)
    }

    private static func request(_ head: [UInt8]) -> HTTPRequest? {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        guard let target = lines.first?.split(separator: " ").dropFirst().first else { return nil }
        var request = HTTPRequest(method: .get, target: String(target))
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            try? request.headers.add(String(line[..<colon]), String(line[line.index(after: colon)...]))
        }
        return request
    }
}
