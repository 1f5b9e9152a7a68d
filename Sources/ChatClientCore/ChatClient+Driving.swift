import ChatNet
import ChatSQLite
import ChatWire
import Logging

// Carries out the engine's decisions: sockets, requests, timers, files.
extension ChatClient {
    /// Performs the engine's effects and schedules its next deadline. Call it after every input.
    func settle() {
        guard let session else { return }
        for effect in session.engine.takeEffects() { perform(effect, for: session) }
        session.tellOthers()
        schedule(session)
    }

    private func perform(_ effect: EngineEffect, for session: AccountSession) {
        switch effect {
        case .openLink(let number): session.links?.open(number)
        case .send(let text): session.links?.send(text)
        case .closeLink(let number): session.links?.close(number)
        case .ask(let question): perform(question.asked, for: session)
        case .change(let change): observers.announce(change)
        case .outboxMoved: wakeWaiters()
        case .keepToken(let token): keep(token, of: session)
        case .forgetToken: keep(nil, of: session)
        case .signInAgain: signInAgain(session)
        }
    }

    /// Signs in with the configured program; the person is asked only when that fails.
    private func signInAgain(_ session: AccountSession) {
        Task {
            let secret = await configuration.signInAgain?(session.user)
            guard self.session === session, !session.engine.isSignedIn else { return }
            do throws(ChatError) {
                switch secret {
                case .token(let token): try await signIn(token: token)
                case .password(let password, let email): try await signIn(email: email, password: password)
                case nil: throw .notSignedIn
                }
            } catch {
                configuration.logger.notice("signing in again failed")
                guard self.session === session else { return }
                session.engine.signInLost()
                settle()
            }
        }
    }

    private func keep(_ token: String?, of session: AccountSession) {
        do throws(ChatError) {
            try files.save(ProfileFiles.SavedAccount(user: session.user, token: token))
        } catch {
            configuration.logger.error("the account could not be saved", metadata: ["error": "\(error)"])
        }
        if token != nil { observers.announce(.account(session.account)) }
    }

    // MARK: Time

    private func schedule(_ session: AccountSession) {
        let deadline = session.engine.deadline
        guard deadline != session.timerDeadline else { return }
        session.timer?.cancel()
        session.timerDeadline = deadline
        session.timer = deadline.map { deadline in
            thread.schedule(at: deadline) { [weak self] in
                self?.assumeIsolated { $0.timeHasCome(deadline) }
            }
        }
    }

    private func timeHasCome(_ deadline: MonotonicInstant) {
        guard let session, session.timerDeadline == deadline else { return }
        session.timerDeadline = nil
        session.timer = nil
        session.engine.tick(at: .now)
        settle()
    }

    // MARK: The link

    func startLink(of session: AccountSession) {
        if session.links == nil { session.links = makeLinks(for: session) }
        session.engine.setWantsLink(true, at: .now)
        session.signal.startWatching(on: thread) { [weak self] in
            self?.assumeIsolated { $0.somebodyCommitted() }
        }
        tryLock(session)
        settle()
    }

    /// Every program tries again each second, because a killed holder announces nothing.
    private static let lockInterval = Duration.seconds(1)

    private func tryLock(_ session: AccountSession) {
        session.lockTimer = nil
        guard wantsLink, !session.hasLock, session.store.writeRefusal == nil else { return }
        do throws(ChatError) {
            if try session.takeLock() {
                catchUp(session)
                session.engine.setHolder(true, at: .now)
                return
            }
        } catch {
            configuration.logger.error("no sender lock", metadata: ["error": "\(error)"])
        }
        session.lockTimer = thread.schedule(after: Self.lockInterval) { [weak self] in
            self?.assumeIsolated { client in
                guard let session = client.session else { return }
                client.tryLock(session)
                client.settle()
            }
        }
    }

    /// Ends the link and releases the lock, so that another program can take over at once.
    func stopLink(of session: AccountSession) async {
        session.lockTimer?.cancel()
        session.lockTimer = nil
        session.signal.stopWatching()
        let link = session.links?.present
        session.engine.setHolder(false, at: .now)
        settle()
        await link?.closed()
        guard !wantsLink else { return }
        session.releaseLock()
    }

    private func makeLinks(for session: AccountSession) -> LinkRunner {
        LinkRunner(
            session.engine, session.store, session.transports, configuration: configuration, http: http,
            thread: thread
        ) { [weak self] body in
            self?.assumeIsolated { client in
                guard let links = client.session?.links, body(links) else { return }
                client.settle()
            }
        }
    }

    // MARK: Other programs

    private func somebodyCommitted() {
        guard let session else { return }
        catchUp(session)
        settle()
    }

    private func catchUp(_ session: AccountSession) {
        do throws(SQLiteError) {
            guard try session.store.hasChangedElsewhere() else { return }
            session.engine.cacheChangedElsewhere(at: .now)
        } catch {
            session.engine.storageFailed(error, at: .now)
        }
    }
}
