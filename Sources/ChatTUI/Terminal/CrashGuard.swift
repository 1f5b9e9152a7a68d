import Glibc
import Synchronization

/// Gives the terminal back when the program dies of a fault: the handler writes a
/// prepared byte sequence, resets the line settings, and lets the fault take its course.
enum CrashGuard {
    /// Everything that the handler needs, prepared in advance: it may neither allocate nor lock.
    private struct Rescue {
        var descriptor: Int32
        var bytes: UnsafeMutableBufferPointer<UInt8>
        var settings: termios
    }

    /// The address of the `Rescue` in force, 0 for none. A number, since pointers may not
    /// be shared between threads as such; what it points to is never freed, so a handler
    /// that runs late still finds it whole.
    private static let current = Atomic<UInt>(0)

    private static let faults: [Int32] = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS]

    static func arm(descriptor: Int32, bytes: [UInt8], settings: termios) {
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = copy.initialize(from: bytes)
        let rescue = UnsafeMutablePointer<Rescue>.allocate(capacity: 1)
        rescue.initialize(to: Rescue(descriptor: descriptor, bytes: copy, settings: settings))
        current.store(UInt(bitPattern: rescue), ordering: .sequentiallyConsistent)
        for fault in faults { install(on: fault) }
    }

    static func disarm() {
        current.store(0, ordering: .sequentiallyConsistent)
        for fault in faults { signal(fault, SIG_DFL) }
    }

    private static func install(on fault: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            CrashGuard.giveBack()
            signal(number, SIG_DFL)
            raise(number)
        }
        action.sa_flags = Int32(bitPattern: UInt32(SA_NODEFER))
        sigaction(fault, &action, nil)
    }

    /// Only calls that POSIX allows in a signal handler.
    private static func giveBack() {
        let address = current.exchange(0, ordering: .sequentiallyConsistent)
        guard let rescue = UnsafeMutablePointer<Rescue>(bitPattern: address) else { return }
        // In the background the settings are the shell's, and a write could stop the program here.
        var mask = sigset_t()
        sigemptyset(&mask)
        sigaddset(&mask, SIGTTOU)
        pthread_sigmask(SIG_BLOCK, &mask, nil)
        let descriptor = rescue.pointee.descriptor
        _ = write(descriptor, rescue.pointee.bytes.baseAddress, rescue.pointee.bytes.count)
        if JobControl.isForeground(on: descriptor) {
            // Nobody waits for the terminal's answers that are still on their way.
            tcsetattr(descriptor, TCSAFLUSH, &rescue.pointee.settings)
        }
    }
}
