import Glibc

/// The wall clock seconds that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
}

/// The CPU seconds of this process, in user and system mode: other work does not count.
func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// The seconds that this thread has been runnable without a CPU: the excess of the wall clock on a busy machine.
func secondsInLine() -> Double {
    let file = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = read(file, &buffer, buffer.count)
    let fields = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
    guard fields.count >= 2, let nanoseconds = Double(fields[1]) else { return 0 }
    return nanoseconds / 1e9
}

/// The shortest and the median time of the rounds, in milliseconds.
func milliseconds(rounds: Int, _ body: (Int) throws -> Void) rethrows -> (best: Double, median: Double) {
    var times: [Double] = []
    for round in 0..<rounds { times.append(try seconds { try body(round) } * 1000) }
    times.sort()
    return (times[0], times[times.count / 2])
}

/// The peak memory of this process, in MiB.
func memoryPeak() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return Double(usage.ru_maxrss) / 1024
}

/// Two decimals, or none when the number is large.
func text(_ value: Double) -> String {
    guard value < 100 else { return String(Int(value.rounded())) }
    let hundredths = Int((value * 100).rounded())
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
}

func report(_ name: String, _ time: (best: Double, median: Double)) {
    print("\(name): \(text(time.best)) ms (median \(text(time.median)))")
}
