import Glibc

/// The list for poll(2): the wake channel first, then the watches.
struct PollSet: ~Copyable {
    private var descriptors: [pollfd]
    private var watches: [(identifier: IOThread.WatchIdentifier, interest: IOInterest)] = []
    private var generation: UInt64?

    /// How many entries the last ``wait(milliseconds:)`` found ready.
    private(set) var readyCount = 0

    init(wakeDescriptor: Int32) {
        descriptors = [pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0)]
    }

    /// Updates the watches if they have changed since the last time.
    mutating func update(generation: UInt64, watches: [IOThread.WatchIdentifier: IOThread.Watch]) {
        guard generation != self.generation else { return }
        self.generation = generation
        self.watches.removeAll(keepingCapacity: true)
        descriptors.removeSubrange(1...)
        for (identifier, watch) in watches {
            // A watch without interest is omitted: poll(2) would still report a hang-up, immediately and repeatedly.
            guard !watch.interest.isEmpty else { continue }
            self.watches.append((identifier, watch.interest))
            descriptors.append(pollfd(fd: watch.descriptor, events: watch.interest.pollEvents, revents: 0))
        }
    }

    /// Waits until something is ready, at most this long; -1 is without limit.
    mutating func wait(milliseconds: Int32) {
        let result = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        guard result < 0 else {
            readyCount = Int(result)
            return
        }
        // The only failures are an interrupting signal and a lack of kernel memory; both pass.
        for index in descriptors.indices { descriptors[index].revents = 0 }
        readyCount = 0
    }

    var isWoken: Bool { descriptors[0].revents != 0 }

    /// The indices of the ready watches, for the subscript.
    var readyIndices: [Int] {
        watches.indices.filter { descriptors[$0 + 1].revents != 0 }
    }

    subscript(index: Int) -> (identifier: IOThread.WatchIdentifier, ready: IOInterest) {
        let watch = watches[index]
        let events = descriptors[index + 1].revents
        return (watch.identifier, IOInterest(pollEvents: events, asked: watch.interest))
    }
}
