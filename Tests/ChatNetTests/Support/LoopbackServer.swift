import ChatWire
import Foundation
import Glibc
import Synchronization
import Testing

/// A listener on the loopback interface, at a port that the system chooses. It runs a script for each connection,
/// each on its own thread. It stops listening with its last reference.
final class LoopbackServer: Sendable {
    typealias Script = @Sendable (_ peer: Peer, _ number: Int) -> Void

    let port: Int
    private let listener: Int32
    private let counter: Counter

    /// - Parameter script: `number` counts the connections from 1. The connection is closed when the script releases
    ///   it.
    init(receiveBuffer: Int32? = nil, _ script: @escaping Script) throws {
        let (listener, port) = try Self.bind(receiveBuffer: receiveBuffer)
        try #require(listen(listener, 64) == 0)
        self.listener = listener
        self.port = port
        let counter = Counter()
        self.counter = counter
        Foundation.Thread.detachNewThread {
            while true {
                let descriptor = accept(listener, nil, nil)
                if descriptor < 0 && (errno == ECONNABORTED || errno == EINTR) { continue }
                guard descriptor >= 0 else { break }
                let number = counter.increment()
                let peer = Peer(descriptor: descriptor)
                Foundation.Thread.detachNewThread { script(peer, number) }
            }
            close(listener)
        }
    }

    deinit {
        // Makes accept(2) return; the accepting thread closes the descriptor.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// How many connections have been accepted.
    var connectionCount: Int { counter.value }

    func url(_ scheme: String = "http", host: String = "127.0.0.1") throws -> ServerURL {
        try ServerURL("\(scheme)://\(host):\(port)")
    }

    /// A bound socket on 127.0.0.1 that does not listen, and its port: connections to it are refused.
    static func bind(receiveBuffer: Int32? = nil) throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        if var receiveBuffer {
            setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                Glibc.bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        try #require(result)
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}

final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    @discardableResult
    func increment() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}

/// Values that threads record for the test.
final class Record<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func append(_ element: Element) {
        elements.withLock { $0.append(element) }
    }
}

/// A gate that opens once: scripts wait at it and block their threads, tests wait without blocking.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let semaphore = DispatchSemaphore(value: 0)

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
        semaphore.signal()
    }

    /// For scripts. If a test fails, its script still ends.
    func block() {
        guard semaphore.wait(timeout: .now() + 60) == .success else { return }
        semaphore.signal()
    }

    /// For tests.
    func opened() async {
        await withCheckedContinuation { waiter in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(waiter) }
                return state.isOpen
            }
            if isOpen { waiter.resume() }
        }
    }
}
