/// The elements of a list in an answer. An element that cannot be read is left out alone: its neighbours stay, and the
/// list proves nothing about what it does not hold.
public struct PartialList<Element> {
    /// The elements that could be read, in the server's order.
    public var elements: [Element]
    /// For each element that could not be read its id as the server wrote it, or its place in the list. At most
    /// `namedMax` of them; for logs.
    public var leftOut: [String]
    /// How many elements could not be read.
    public var leftOutCount: Int

    /// How many of the elements that could not be read are named.
    public static var namedMax: Int { 20 }

    /// A list of which every element could be read.
    public init(_ elements: [Element]) {
        self.elements = elements
        leftOut = []
        leftOutCount = 0
    }

    /// Whether every element could be read.
    public var isWhole: Bool { leftOutCount == 0 }

    /// Reads each element by itself.
    /// - Parameter idKey: The member by which an element that cannot be read is named.
    init(
        _ values: [JSONValue], idKey: String, of decode: (JSONValue) throws(APIError) -> Element
    ) {
        self.init([])
        elements.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            do throws(APIError) {
                elements.append(try decode(value))
            } catch {
                leave(out: value[idKey]?.integerValue.map { "\($0)" } ?? "[\(index)]")
            }
        }
    }

    private mutating func leave(out name: String) {
        leftOutCount += 1
        if leftOut.count < Self.namedMax { leftOut.append(name) }
    }
}

extension PartialList: Sendable where Element: Sendable {}
extension PartialList: Equatable where Element: Equatable {}
extension PartialList: Hashable where Element: Hashable {}

extension PartialList: RandomAccessCollection {
    /// The first index of ``elements``.
    public var startIndex: Int { elements.startIndex }
    /// The end of ``elements``.
    public var endIndex: Int { elements.endIndex }
    /// An element that could be read.
    public subscript(index: Int) -> Element { elements[index] }
}

extension PartialList: ExpressibleByArrayLiteral {
    /// A list of which every element could be read.
    public init(arrayLiteral elements: Element...) { self.init(elements) }
}
