/// The elements of a list in an answer. An unreadable element is omitted alone: its neighbours stay. Then the list
/// proves nothing about what it does not contain.
public struct PartialList<Element> {
    /// The readable elements, in the server's order.
    public var elements: [Element]
    /// For each unreadable element its id as the server wrote it, or its position in the list. It holds at most
    /// `namedMax` of them and is meant for logs.
    public var leftOut: [String]
    /// How many elements could not be read.
    public var leftOutCount: Int

    /// How many unreadable elements are named.
    public static var namedMax: Int { 20 }

    /// A list whose elements could all be read.
    public init(_ elements: [Element]) {
        self.elements = elements
        leftOut = []
        leftOutCount = 0
    }

    /// Whether every element could be read.
    public var isWhole: Bool { leftOutCount == 0 }

    /// Reads each element by itself.
    /// - Parameter idKey: The member that identifies an unreadable element.
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
    public var startIndex: Int { elements.startIndex }
    public var endIndex: Int { elements.endIndex }
    /// A readable element.
    public subscript(index: Int) -> Element { elements[index] }
}

extension PartialList: ExpressibleByArrayLiteral {
    /// A list whose elements could all be read.
    public init(arrayLiteral elements: Element...) { self.init(elements) }
}
