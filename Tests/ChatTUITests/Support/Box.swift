import ChatWire

@testable import ChatTUI

/// Values under test whose mutating methods are called inside `#expect`.
final class Box<Value> {
    var value: Value

    init(_ value: Value) { self.value = value }
}

extension Box<KeyDecoder> {
    func receive(_ bytes: some Sequence<UInt8>, now: MonotonicInstant) -> [InputEvent] {
        value.receive(bytes, now: now)
    }

    func expire(now: MonotonicInstant) -> [InputEvent] { value.expire(now: now) }

    var deadline: MonotonicInstant? { value.deadline }
}

extension Box<Screen> {
    @discardableResult
    func write(_ text: String, column: Int, row: Int, columns: Int = .max, style: Style = .plain) -> Int {
        value.write(text, column: column, row: row, columns: columns, style: style)
    }
}

extension Box<FrameEncoder> {
    func encode(_ screen: Screen) -> [UInt8] { value.encode(screen) }
}

extension Box<LineEditor> {
    func moveVertically(by delta: Int, width: Int) -> Bool { value.moveVertically(by: delta, width: width) }
}

extension Box<AppState> {
    @discardableResult
    func press(_ keys: String...) -> [Effect] { keys.flatMap { value.press($0) } }

    @discardableResult
    func update(_ event: AppEvent) -> [Effect] { value.update(event) }

    @discardableResult
    func wait(_ duration: Duration) -> [Effect] { value.wait(duration) }
}
