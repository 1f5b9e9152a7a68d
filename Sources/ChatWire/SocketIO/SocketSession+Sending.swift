// Sending.
extension SocketSession {
    // MARK: - Connecting

    /// Client: asks to connect to a namespace.
    /// - Parameters:
    ///   - auth: An object; the server reads nothing else.
    ///   - timeout: How long to wait for an answer.
    public mutating func connect(
        _ namespace: String = "/", auth: JSONObject?, timeout: Duration, now: MonotonicInstant
    ) -> [Action] {
        guard !hasFailed, namespaces[namespace] == nil else { return [] }
        namespaces[namespace] = .connecting(until: now + timeout, hasLeft: false)
        let payload = auth.map { JSONValue.object($0).serialized()[...] } ?? []
        return transmit(SocketPacket(.connect, namespace: namespace, payload: payload))
    }

    /// Server: accepts the client that asked to connect. It does nothing when the client has left in the meantime.
    /// - Parameter sid: The name of this connection. It differs from that of the Engine.IO session, which must stay a
    ///   secret.
    public mutating func accept(_ namespace: String = "/", sid: String) -> [Action] {
        guard !hasFailed, namespaces[namespace] == .requested else { return [] }
        namespaces[namespace] = .connected
        connectDeadline = nil
        let payload = JSONValue.object(["sid": .string(sid)]).serialized()[...]
        return transmit(SocketPacket(.connect, namespace: namespace, payload: payload))
    }

    /// Server: refuses the client that asked to connect. The client may ask again.
    /// - Parameter leavesFirst: Whether to send the `41` that the real server sends before its refusal.
    public mutating func refuse(
        _ namespace: String = "/", message: String, leavesFirst: Bool = false
    ) -> [Action] {
        guard !hasFailed, namespaces[namespace] == .requested else { return [] }
        namespaces[namespace] = nil
        let farewell = leavesFirst ? transmit(SocketPacket(.disconnect, namespace: namespace)) : []
        return farewell + connectError(namespace, ["message": .string(message)])
    }

    /// Leaves a namespace, or removes the client from it.
    public mutating func disconnect(_ namespace: String = "/") -> [Action] {
        guard !hasFailed, namespaces.remove(namespace) else { return [] }
        return transmit(SocketPacket(.disconnect, namespace: namespace))
    }

    // MARK: - Events

    /// Sends an encoded packet of the namespace `/`, an event or an acknowledgement.
    public func send(_ packet: EncodedPacket) -> [Action] {
        guard !hasFailed, isConnected() else { return [] }
        return [.transmit(EngineFrame(packet))]
    }

    /// Sends an event in the namespace `/` and requests its acknowledgement.
    /// - Returns: The id that a later action reports the acknowledgement or its absence under. Nil when the namespace
    ///   is not connected; then nothing is sent.
    public mutating func send(
        _ event: ClientEvent, acknowledgedWithin timeout: Duration, now: MonotonicInstant
    ) -> (id: UInt64, actions: [Action])? {
        guard !hasFailed, isConnected() else { return nil }
        let id = acknowledgements.expect(in: "/", until: now + timeout)
        return (id, [.transmit(EngineFrame(event.packet(acknowledgementID: id)))])
    }

    /// Sends an event.
    /// - Parameters:
    ///   - payload: A JSON array that begins with the name.
    ///   - attachments: The values of the placeholders in the payload.
    public func send(
        event payload: ArraySlice<UInt8>, attachments: [[UInt8]] = [], namespace: String = "/"
    ) -> [Action] {
        guard !hasFailed, isConnected(namespace) else { return [] }
        let kind: SocketPacket.Kind = attachments.isEmpty ? .event : .binaryEvent
        return transmit(
            SocketPacket(kind, namespace: namespace, attachmentCount: attachments.count, payload: payload),
            attachments)
    }

    /// Acknowledges an event.
    /// - Parameter payload: A JSON array of the arguments.
    public func acknowledge(
        _ id: UInt64, payload: ArraySlice<UInt8> = [0x5B, 0x5D], attachments: [[UInt8]] = [],
        namespace: String = "/"
    ) -> [Action] {
        guard !hasFailed, isConnected(namespace) else { return [] }
        let kind: SocketPacket.Kind = attachments.isEmpty ? .acknowledgement : .binaryAcknowledgement
        return transmit(
            SocketPacket(
                kind, namespace: namespace, acknowledgementID: id, attachmentCount: attachments.count,
                payload: payload),
            attachments)
    }

    // MARK: - Steps

    func connectError(_ namespace: String, _ reason: JSONValue) -> [Action] {
        transmit(SocketPacket(.connectError, namespace: namespace, payload: reason.serialized()[...]))
    }

    func transmit(_ packet: SocketPacket, _ attachments: [[UInt8]] = []) -> [Action] {
        [.transmit(EngineFrame(packet.encoded))] + attachments.map { .transmit(.binary($0)) }
    }
}
