import ChatWire
import Glibc

/// Masking in place compared with copying, 64 KiB each, which stay in the CPU cache.
func measureMasking() {
    let count = 64 * 1024
    let key = WebSocketMaskingKey(0x37, 0xFA, 0x21, 0x3D)
    let source = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    let target = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    defer {
        source.deallocate()
        target.deallocate()
    }
    source.initializeMemory(as: UInt8.self, repeating: 0x61)
    target.initializeMemory(as: UInt8.self, repeating: 0)
    guard let from = source.baseAddress, let to = target.baseAddress else { return }
    let repetitions = 2000
    let masking = shortest(count: repetitions * count) {
        for _ in 0..<repetitions { key.apply(to: source) }
        use(source[count / 2])
    }
    let copying = shortest(count: repetitions * count) {
        for _ in 0..<repetitions {
            memcpy(to, from, count)
            use(target[count / 2])
        }
    }
    let (ours, memcpys) = (text(1e-6 / masking), text(1e-6 / copying))
    print("masking        \(ours) MB/s, memcpy \(memcpys) MB/s: \(text(copying / masking)) of it")
}
