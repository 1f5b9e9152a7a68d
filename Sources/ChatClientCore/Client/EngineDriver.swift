import ChatNet
import ChatSQLite
import ChatWire
import Logging

/// Carries out the decisions of an account's engine: sockets, requests, timers and files. It decides nothing.
///
/// It is confined to the client, like the engine. A timer or an answer comes back through the client, and reaches the
/// driver of the account that is signed in by then.
final class EngineDriver {
    let session: AccountSession
    private let engine: ChatEngine
    /// Runs the link; nil before a link is wanted for the first time.
    private(set) var links: LinkRunner?
    /// Runs the engine's deadlines.
    private var timer: IOTimer?
    private var timerDeadline: MonotonicInstant?
    /// Tries again to take the lock that another program holds.
    private var lockTimer: IOTimer?

    init(_ session: AccountSession) {
        self.session = session
        engine = session.engine
    }

    /// Performs the engine's effects and schedules its next deadline. Call it after every input.
    func settle(on client: isolated ChatClient) {
        for effect in engine.takeEffects() { perform(effect, on: client) }
        session.tellOthers()
        schedule(on: client)
    }

    private func perform(_ effect: EngineEffect, on client: isolated ChatClient) {
        switch effect {
        case .openLink(let number): links?.open(number)
        case .send(let text): links?.send(text)
        case .closeLink(let number): links?.close(number)
        case .ask(let question): ask(question.asked, on: client)
        case .change(let change): client.observers.announce(change)
        case .outboxMoved:
            let view = engine.view
            client.waiters.wake { (tempID) throws(SQLiteError) in try view.outcome(of: tempID) }
        case .keepToken(let token): keep(token, on: client)
        case .forgetToken: keep(nil, on: client)
        case .signInAgain: signInAgain(on: client)
        }
    }

    private func ask(_ asked: some AskedQuestion, on client: isolated ChatClient) {
        let asked = asked.typed
        let token = engine.token
        let user = session.user.id
        Task {
            let answer = await client.rest.answer(to: asked.question, token: token)
            guard let current = client.session, current.user.id == user else { return }
            current.engine.receive(answer, to: asked, at: .now)
            client.settle()
        }
    }

    // MARK: The token

    /// Signs in with the configured program; the person is asked only when that fails.
    private func signInAgain(on client: isolated ChatClient) {
        let (session, engine) = (session, engine)
        Task {
            let secret = await client.configuration.signInAgain?(session.user)
            guard client.session === session, !engine.isSignedIn else { return }
            do throws(ChatError) {
                switch secret {
                case .token(let token): try await client.signIn(token: token)
                case .password(let password, let email):
                    try await client.signIn(email: email, password: password)
                case nil: throw .notSignedIn
                }
            } catch {
                client.configuration.logger.notice("signing in again failed")
                guard client.session === session else { return }
                engine.signInLost()
                client.settle()
            }
        }
    }

    private func keep(_ token: String?, on client: isolated ChatClient) {
        do throws(ChatError) {
            try client.files.save(ProfileFiles.SavedAccount(user: session.user, token: token))
        } catch {
            client.configuration.logger.error(
                "the account could not be saved", metadata: ["error": "\(error)"])
        }
        if token != nil { client.observers.announce(.account(session.account)) }
    }

    // MARK: Time

    private func schedule(on client: isolated ChatClient) {
        let deadline = engine.deadline
        guard deadline != timerDeadline else { return }
        timer?.cancel()
        timerDeadline = deadline
        timer = deadline.map { deadline in
            client.thread.schedule(at: deadline) { [weak client] in
                client?.assumeIsolated { $0.driver?.timeHasCome(deadline, on: $0) }
            }
        }
    }

    private func timeHasCome(_ deadline: MonotonicInstant, on client: isolated ChatClient) {
        guard timerDeadline == deadline else { return }
        timerDeadline = nil
        timer = nil
        engine.tick(at: .now)
        settle(on: client)
    }

    // MARK: The link

    func startLink(on client: isolated ChatClient) {
        if links == nil { links = makeLinks(on: client) }
        engine.setWantsLink(true, at: .now)
        session.signal.startWatching(on: client.thread) { [weak client] in
            client?.assumeIsolated { $0.driver?.somebodyCommitted(on: $0) }
        }
        tryLock(on: client)
        settle(on: client)
    }

    /// Every program tries again each second, because a killed holder announces nothing.
    private static let lockInterval = Duration.seconds(1)

    private func tryLock(on client: isolated ChatClient) {
        lockTimer = nil
        guard client.wantsLink, session.store.writeRefusal == nil else { return }
        do throws(ChatError) {
            // This succeeds too when the link is wanted again while it ends: the lock is still there.
            if try session.takeLock() {
                session.catchUp()
                engine.setHolder(true, at: .now)
                return
            }
        } catch {
            client.configuration.logger.error("no sender lock", metadata: ["error": "\(error)"])
        }
        lockTimer = client.thread.schedule(after: Self.lockInterval) { [weak client] in
            client?.assumeIsolated { client in
                client.driver?.tryLock(on: client)
                client.settle()
            }
        }
    }

    /// Ends the link, waits until what was waiting has been sent and the link is closed, and releases the lock, so that
    /// another program can take over at once. A server that does not answer costs two seconds; what cannot be sent, the
    /// time limit for sending too.
    func stopLink(on client: isolated ChatClient) async {
        lockTimer?.cancel()
        lockTimer = nil
        session.signal.stopWatching()
        engine.setHolder(false, at: .now)
        client.settle()
        await links?.closed()
        guard !client.wantsLink else { return }
        session.releaseLock()
    }

    private func makeLinks(on client: isolated ChatClient) -> LinkRunner {
        LinkRunner(
            engine, session.store, session.transports, configuration: client.configuration,
            http: client.http, thread: client.thread
        ) { [weak client] body in
            client?.assumeIsolated { client in
                guard let links = client.driver?.links, body(links) else { return }
                client.settle()
            }
        }
    }

    // MARK: Other programs

    private func somebodyCommitted(on client: isolated ChatClient) {
        session.catchUp()
        settle(on: client)
    }
}
