// Receiving.
extension SocketSession {
    /// Takes a message of the Engine.IO session.
    public mutating func receive(_ message: EngineMessage) -> [Action] {
        guard !hasFailed else { return [] }
        do throws(SocketError) {
            switch message {
            case .text(let text): return try receive(text: text)
            case .binary(let data): return try receive(attachment: data)
            }
        } catch {
            return policy == .strict ? fail(error) : []
        }
    }

    private mutating func receive(text: ArraySlice<UInt8>) throws(SocketError) -> [Action] {
        guard let assembly else { return try receive(packet: text) }
        self.assembly = nil
        // Under the recorded policy an incomplete packet is forgotten.
        guard policy == .recorded else {
            throw .missingAttachments(assembly.missing)
        }
        let unreadable = unreadable(assembly.packet)
        do throws(SocketError) {
            return unreadable + (try receive(packet: text))
        } catch {
            return unreadable
        }
    }

    private mutating func receive(packet text: ArraySlice<UInt8>) throws(SocketError) -> [Action] {
        let packet: SocketPacket
        do throws(SocketError) {
            packet = try SocketPacket(decoding: text, limits: limits)
        } catch .tooManyAttachments(let limit) {
            var generous = limits
            generous.attachmentsMax = .max
            guard let packet = try? SocketPacket(decoding: text, limits: generous),
                namespaces[packet.namespace] == .connected
            else { throw .tooManyAttachments(limit: limit) }
            return try orUnreadable(packet, .tooManyAttachments(limit: limit))
        }
        switch packet.kind {
        case .connect: return try receiveConnect(packet)
        case .connectError: return try receiveConnectError(packet)
        case .disconnect: return try receiveDisconnect(packet)
        case .event: return try receiveEvent(packet, attachments: [])
        case .acknowledgement: return try receiveAcknowledgement(packet, attachments: [])
        case .binaryEvent, .binaryAcknowledgement: return try assemble(packet)
        }
    }

    // MARK: - Connecting

    private mutating func receiveConnect(_ packet: SocketPacket) throws(SocketError) -> [Action] {
        switch role {
        case .client: try receiveConnected(packet)
        case .server(let known, _): try receiveConnectRequest(packet, known: known)
        }
    }

    private mutating func receiveConnected(_ packet: SocketPacket) throws(SocketError) -> [Action] {
        guard case .connecting = namespaces[packet.namespace] else { throw unexpected(packet) }
        let json = try SocketPayload.json(packet, limits: limits)
        // A missing sid means an older protocol; nothing that follows would be understood.
        guard let sid = json?["sid"]?.stringValue else { throw .unexpectedPayload(.connect) }
        namespaces[packet.namespace] = .connected
        return [.connected(namespace: packet.namespace, sid: sid)]
    }

    private mutating func receiveConnectRequest(
        _ packet: SocketPacket, known: Set<String>
    ) throws(SocketError) -> [Action] {
        let auth = try SocketPayload.credentials(packet, policy, limits: limits)
        guard known.contains(packet.namespace) else {
            return connectError(
                packet.namespace, policy == .strict ? ["message": "Invalid namespace"] : Self.unableToConnect)
        }
        guard namespaces[packet.namespace] == nil else {
            guard policy == .recorded else { throw unexpected(packet) }
            return connectError(packet.namespace, Self.unableToConnect)
        }
        namespaces[packet.namespace] = .requested
        return [.connectRequested(namespace: packet.namespace, auth: auth)]
    }

    /// The real server's answer to an unknown namespace, and to a second connect.
    private static let unableToConnect: JSONValue = "Unable to connect"

    private mutating func receiveConnectError(_ packet: SocketPacket) throws(SocketError) -> [Action] {
        guard role == .client, case .connecting = namespaces[packet.namespace] else {
            throw unexpected(packet)
        }
        let json = try SocketPayload.json(packet, limits: limits) ?? .null
        namespaces[packet.namespace] = nil
        return [.refused(namespace: packet.namespace, ConnectRefusal(json: json))]
    }

    private mutating func receiveDisconnect(_ packet: SocketPacket) throws(SocketError) -> [Action] {
        switch namespaces[packet.namespace] {
        case nil: throw unexpected(packet)
        case .connecting(let until, _):
            namespaces[packet.namespace] = .connecting(until: until, hasLeft: true)
            return []
        case .requested, .connected: return leave(packet.namespace)
        }
    }

    private mutating func leave(_ namespace: String) -> [Action] {
        namespaces[namespace] = nil
        return [.disconnected(namespace: namespace)]
    }

    // MARK: - Events and acknowledgements

    private mutating func receiveEvent(
        _ packet: SocketPacket, attachments: [[UInt8]]
    ) throws(SocketError) -> [Action] {
        guard try isForConnected(packet) else { return [] }
        let reserved: String?
        do throws(SocketError) {
            reserved = try SocketPayload.checkEvent(packet, limits: limits)
        } catch {
            return try orUnreadable(packet, error)
        }
        if let reserved { return try receiveReserved(reserved, packet) }
        return [.event(SocketEvent(packet, attachments: attachments))]
    }

    /// The actions of a server for an event of which only the name can be read.
    private func unreadable(_ packet: SocketPacket) -> [Action] {
        guard policy == .recorded, role != .client, packet.kind == .event || packet.kind == .binaryEvent,
            SocketPayload.hasName(packet.payload, limits: limits)
        else { return [] }
        return [.event(SocketEvent(packet, isReadable: false))]
    }

    /// The actions for an event of which only the name can be read; throws `error` when there are none.
    private func orUnreadable(
        _ packet: SocketPacket, _ error: SocketError
    ) throws(SocketError) -> [Action] {
        let actions = unreadable(packet)
        if actions.isEmpty { throw error }
        return actions
    }

    /// Handles an event with a name that the protocol reserves. The real server takes `connect` and `disconnect` for
    /// its own calls of these names, and the client loses its connection.
    private mutating func receiveReserved(
        _ name: String, _ packet: SocketPacket
    ) throws(SocketError) -> [Action] {
        guard policy == .recorded, role != .client else { throw .reservedEvent(name) }
        switch name {
        case "connect":
            return transmit(SocketPacket(.disconnect, namespace: packet.namespace)) + leave(packet.namespace)
        case "disconnect": return leave(packet.namespace)
        default: throw .reservedEvent(name)
        }
    }

    private mutating func receiveAcknowledgement(
        _ packet: SocketPacket, attachments: [[UInt8]]
    ) throws(SocketError) -> [Action] {
        guard try isForConnected(packet) else { return [] }
        guard let id = packet.acknowledgementID else { throw .invalidAcknowledgementID }
        try SocketPayload.checkAcknowledgement(packet, limits: limits)
        // An acknowledgement that nobody waits for any more is late, not wrong.
        guard acknowledgements.settle(id, in: packet.namespace) else { return [] }
        return [
            .acknowledged(
                namespace: packet.namespace, id: id, payload: packet.payload, attachments: attachments)
        ]
    }

    /// Whether the packet's namespace is connected. Events sent before CONNECT is answered are dropped; events
    /// without a CONNECT close the session.
    private func isForConnected(_ packet: SocketPacket) throws(SocketError) -> Bool {
        switch namespaces[packet.namespace] {
        case .connected: return true
        case .requested, .connecting: return false
        case nil: throw unexpected(packet)
        }
    }

    // MARK: - Attachments

    private mutating func assemble(_ packet: SocketPacket) throws(SocketError) -> [Action] {
        guard try isForConnected(packet) else { return [] }
        guard packet.attachmentCount > 0 else { return try complete(packet, attachments: []) }
        assembly = SocketAssembly(packet: packet)
        return []
    }

    private mutating func receive(attachment: ArraySlice<UInt8>) throws(SocketError) -> [Action] {
        guard var assembly else { throw .unexpectedAttachment }
        self.assembly = nil
        guard assembly.add(attachment, bytesMax: limits.attachmentBytesMax) else {
            return try orUnreadable(assembly.packet, .attachmentsTooBig(limit: limits.attachmentBytesMax))
        }
        guard assembly.missing == 0 else {
            self.assembly = assembly
            return []
        }
        return try complete(assembly.packet, attachments: assembly.attachments)
    }

    private mutating func complete(
        _ packet: SocketPacket, attachments: [[UInt8]]
    ) throws(SocketError) -> [Action] {
        do throws(SocketError) {
            try SocketPayload.checkPlaceholders(packet, limits: limits)
        } catch {
            return try orUnreadable(packet, error)
        }
        return packet.kind == .binaryEvent
            ? try receiveEvent(packet, attachments: attachments)
            : try receiveAcknowledgement(packet, attachments: attachments)
    }

    private func unexpected(_ packet: SocketPacket) -> SocketError {
        .unexpectedPacket(packet.kind, namespace: packet.namespace)
    }
}
