/// A packet of Socket.IO version 5, as it appears in an Engine.IO text message:
///
/// packet     = kind [count "-"] [namespace ","] [id] [payload] kind       = "0" connect        client: auth, an
/// object or nothing
///                                     server: {"sid":…}
///                / "1" disconnect     nothing
///                / "2" event          [name, argument…]
///                / "3" ack            [argument…], id needed
///                / "4" connect error  {"message":…} or a bare string
///                / "5" binary event   as event; count attachments follow as binary messages
///                / "6" binary ack     as ack; count attachments follow as binary messages
/// count      = 1*DIGIT            always in binary packets, and only there namespace  = "/" *(any but ",") the
/// namespace "/" itself is omitted id         = 1*DIGIT            of the requested or given acknowledgement payload
/// = JSON; in binary packets {"_placeholder":true,"num":n} stands for attachment n
public struct SocketPacket: Hashable, Sendable {
    /// The kinds in the order of their digits.
    public enum Kind: UInt8, Hashable, Sendable {
        case connect
        case disconnect
        case event
        case acknowledgement
        case connectError
        case binaryEvent
        case binaryAcknowledgement

        /// Whether packets of this kind have attachments.
        public var isBinary: Bool { self == .binaryEvent || self == .binaryAcknowledgement }
    }

    /// The kind of the packet.
    public var kind: Kind
    /// The namespace that the packet belongs to.
    public var namespace: String
    /// In an event, the id of the acknowledgement that it requests; in an acknowledgement, its id.
    public var acknowledgementID: UInt64?
    /// How many binary messages belong to the packet. It is 0 for packets that are not binary.
    public var attachmentCount: Int
    /// The JSON in the packet, not checked yet; empty when there is none.
    public var payload: ArraySlice<UInt8>

    /// A packet; the parameters are the properties of the same names.
    public init(
        _ kind: Kind, namespace: String = "/", acknowledgementID: UInt64? = nil, attachmentCount: Int = 0,
        payload: ArraySlice<UInt8> = []
    ) {
        self.kind = kind
        self.namespace = namespace
        self.acknowledgementID = acknowledgementID
        self.attachmentCount = attachmentCount
        self.payload = payload
    }

    /// Reads everything before the payload, and takes the rest as the payload. A `?` in a namespace and everything
    /// after it are dropped, as servers do.
    public init(decoding text: ArraySlice<UInt8>, limits: SocketLimits = .standard) throws(SocketError) {
        guard let first = text.first else { throw .emptyPacket }
        guard let kind = Kind(rawValue: first &- UInt8(ascii: "0")) else { throw .unknownKind(first) }
        self.init(kind)
        var rest = text.dropFirst()
        if kind.isBinary {
            guard let count = try Self.attachmentCount(&rest, limits: limits) else {
                throw .missingAttachmentCount
            }
            attachmentCount = count
        }
        if rest.first == UInt8(ascii: "/") {
            namespace = try Self.namespace(&rest, limits: limits)
        }
        acknowledgementID = try Self.acknowledgementID(&rest)
        payload = rest
    }

    /// The packet as an Engine.IO packet: a message with the packet's text.
    public var encoded: EncodedPacket {
        var writer = JSONWriter(capacity: payload.count + 32)
        writer.prefix("4")
        writer.prefix(number: kind.rawValue)
        if kind.isBinary {
            writer.prefix(number: attachmentCount)
            writer.prefix("-")
        }
        if namespace != "/" { writer.prefix(namespace: namespace) }
        if let acknowledgementID { writer.prefix(number: acknowledgementID) }
        writer.rawValue(payload)
        return EncodedPacket(bytes: writer.finished())
    }

    // MARK: - Steps

    private static func attachmentCount(
        _ rest: inout ArraySlice<UInt8>, limits: SocketLimits
    ) throws(SocketError) -> Int? {
        let digits = rest.prefix(while: isDigit)
        guard !digits.isEmpty, rest.dropFirst(digits.count).first == UInt8(ascii: "-") else { return nil }
        guard let count = decimal(digits), count <= UInt64(limits.attachmentsMax) else {
            throw .tooManyAttachments(limit: limits.attachmentsMax)
        }
        rest = rest.dropFirst(digits.count + 1)
        return Int(count)
    }

    private static func namespace(
        _ rest: inout ArraySlice<UInt8>, limits: SocketLimits
    ) throws(SocketError) -> String {
        let text = rest.prefix { $0 != UInt8(ascii: ",") }
        rest = rest.dropFirst(text.count + 1)
        let path = text.prefix { $0 != UInt8(ascii: "?") }
        guard text.count <= limits.namespaceLengthMax, let namespace = String(validating: path, as: UTF8.self)
        else { throw .invalidNamespace }
        return namespace
    }

    private static func acknowledgementID(_ rest: inout ArraySlice<UInt8>) throws(SocketError) -> UInt64? {
        let digits = rest.prefix(while: isDigit)
        guard !digits.isEmpty else { return nil }
        guard let id = decimal(digits) else { throw .invalidAcknowledgementID }
        rest = rest.dropFirst(digits.count)
        return id
    }

    private static func decimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, carries) = product.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
            guard !overflows, !carries else { return nil }
            value = sum
        }
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}

extension JSONWriter {
    fileprivate mutating func prefix(namespace: String) {
        prefix(bytes: namespace.utf8)
        prefix(",")
    }
}
