import Glibc

/// What the system says about this process, under the names that all Prometheus clients use.
enum ProcessMeasures {
    static var families: [MetricFamily] {
        let memory = memoryPages
        return [
            MetricFamily(
                "process_resident_memory_bytes", .gauge, "Memory of the process that is in RAM.",
                memory.resident * pageSize),
            MetricFamily(
                "process_virtual_memory_bytes", .gauge, "Address space of the process.",
                memory.size * pageSize),
            MetricFamily(
                "process_open_fds", .gauge, "Files and sockets that the process has open.",
                OpenFileLimit.openCount),
            MetricFamily(
                "process_max_fds", .gauge, "Files and sockets that the process may have open.",
                OpenFileLimit.current),
            MetricFamily(
                "process_cpu_seconds_total", .counter, "CPU time of the process.",
                [MetricFamily.Sample(value: cpuSeconds)]),
        ]
    }

    private static let pageSize = sysconf(Int32(_SC_PAGESIZE))

    /// The first two numbers of statm (proc(5)).
    private static var memoryPages: (size: Int, resident: Int) {
        guard let file = fopen("/proc/self/statm", "re") else { return (0, 0) }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return (0, 0) }
        let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let numbers = String(decoding: bytes, as: UTF8.self).split(separator: " ").prefix(2).map {
            Int($0) ?? 0
        }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : (0, 0)
    }

    private static var cpuSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec / 1_000_000) / 1000
    }
}
