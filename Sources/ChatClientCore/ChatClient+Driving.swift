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
        case .openLink(let number): openLink(number, of: session)
        case .send(let text): session.link?.send(text)
        case .closeLink(let number):
            guard let link = session.link, link.number == number else { return }
            judgeTransport(of: link, in: session)
            session.endSilenceWatch()
            link.close()
            session.link = nil
        case .call(let number, let call): perform(call, number, for: session)
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
        let link = session.link
        session.engine.setHolder(false, at: .now)
        settle()
        await link?.closed()
        guard !wantsLink else { return }
        session.releaseLock()
    }

    private func openLink(_ number: Int, of session: AccountSession) {
        openLink(number, over: session.transports.first, of: session)
    }

    private func openLink(_ number: Int, over kind: LinkTransportKind, of session: AccountSession) {
        session.endSilenceWatch()
        let link = makeLink(number, over: kind)
        session.link = link
        session.engine.answerTimeout(
            session.transports.mayBeFiltered(kind) ? TransportChoice.answerMax : Outbox.answerTimeout)
        watchSilence(number, over: kind, of: session)
        link.start()
    }

    private func makeLink(_ number: Int, over kind: LinkTransportKind) -> LinkDriver {
        let transport = LinkTransport(
            kind, to: configuration.server, http: http, openTimeout: configuration.linkTimeout
        ) { [weak self] event in
            self?.assumeIsolated { $0.linkTells(event, number, kind) }
        }
        return LinkDriver(number: number, kind: kind, transport: transport)
    }

    /// A filter may let a WebSocket open, or seem to open, and swallow its traffic.
    private func watchSilence(_ number: Int, over kind: LinkTransportKind, of session: AccountSession) {
        guard session.transports.beside(kind) != nil else { return }
        session.silenceTimer?.cancel()
        session.silenceTimer = thread.schedule(after: TransportChoice.silenceMax) { [weak self] in
            self?.assumeIsolated { $0.webSocketWasSilent(number) }
        }
    }

    private func webSocketWasSilent(_ number: Int) {
        guard let session, let link = session.link, link.number == number, !link.isAnswered,
            let kind = session.transports.beside(link.kind)
        else { return }
        // Its session is open, but the token is not answered: the account cannot be used on two links.
        if link.isOpen { return linkEnded(number, .handshakeTimeout) }
        guard session.rival == nil else { return }
        configuration.logger.notice("trying another transport beside", metadata: ["transport": "\(kind)"])
        let rival = makeLink(number, over: kind)
        session.rival = rival
        rival.start()
    }

    /// The driver that an event belongs to. The first one to open a session becomes the link.
    private func speaker(
        _ event: LinkTransport.Event, _ number: Int, _ kind: LinkTransportKind, in session: AccountSession
    ) -> LinkDriver? {
        if let link = session.link, link.number == number, link.kind == kind {
            guard case .ended = event, let rival = session.rival else {
                if let rival = session.rival {
                    rival.close()
                    session.rival = nil
                }
                return link
            }
            // The other one continues alone.
            session.link = rival
            session.rival = nil
            link.close()
            return nil
        }
        guard let rival = session.rival, rival.number == number, rival.kind == kind else { return nil }
        session.rival = nil
        if case .ended = event {
            rival.close()
            return nil
        }
        session.link?.close()
        session.link = rival
        return rival
    }

    private func linkTells(_ event: LinkTransport.Event, _ number: Int, _ kind: LinkTransportKind) {
        guard let session, let link = speaker(event, number, kind, in: session) else { return }
        switch event {
        case .text(let text):
            if !link.isOpen {
                link.isOpen = true
                watchSilence(number, over: kind, of: session)
                session.engine.linkOpened(number, at: .now)
                settle()
            }
            received(text, number)
        case .refused(let text, let status):
            session.engine.linkRefused(text, status: status, on: number, at: .now)
            settle()
        case .ended(let reason):
            if !link.isOpen, let next = session.transports.didNotOpen(over: kind, reason) {
                configuration.logger.notice(
                    "trying another transport", metadata: ["transport": "\(next)", "after": "\(reason)"])
                openLink(number, over: next, of: session)
            } else {
                linkEnded(number, reason)
            }
        }
    }

    /// Learns from the fate of a link which transport works.
    private func judgeTransport(of link: LinkDriver, in session: AccountSession) {
        guard link.isOpen else { return }
        defer { session.rememberTransport() }
        if link.isAnswered, case .waiting = session.engine.linkStage, session.engine.linkFailure == .silence {
            session.transports.fellSilent(over: link.kind, isUnproven: link.upgrade == .unproven)
        }
        switch (link.upgrade, session.engine.linkStage) {
        case (.proven, _): session.transports.upgradeWorked()
        case (.unproven, .waiting): return session.transports.upgradeWasCut(session.engine.linkFailure)
        case (.unproven, _), (.none, _): break
        }
        guard !link.isAnswered else { return }
        switch session.engine.linkStage {
        case .checking, .up, .verifying:
            link.isAnswered = true
            session.transports.worked(over: link.kind)
        case .waiting: session.transports.endedEarly(over: link.kind, session.engine.linkFailure)
        case .idle, .opening, .displaced: break
        }
    }

    /// Passes the messages of one burst to the engine together, so that they become one commit.
    private func received(_ text: [UInt8], _ number: Int) {
        guard let session, let link = session.link, link.number == number else { return }
        link.inbox.append(text)
        guard !link.isDeliveryScheduled else { return }
        link.isDeliveryScheduled = true
        let wait = link.gathering.wait(at: MonotonicClock.now, isAwaited: session.engine.awaitsAnswer)
        // Timers run after all work that the thread already has.
        thread.schedule(after: wait) { [weak self] in
            self?.assumeIsolated { $0.deliver(number) }
        }
    }

    private func deliver(_ number: Int) {
        guard let session, let link = session.link, link.number == number else { return }
        link.isDeliveryScheduled = false
        let texts = link.inbox
        link.inbox = []
        session.engine.linkReceived(texts, on: number, at: .now)
        judgeTransport(of: link, in: session)
        settle()
        link.gathering.delivered(at: MonotonicClock.now)
    }

    private func linkEnded(_ number: Int, _ reason: LinkFailure) {
        deliver(number)
        guard let session, let link = session.link, link.number == number else { return }
        session.endSilenceWatch()
        session.link = nil
        link.close()
        session.engine.linkEnded(number, reason, at: .now)
        judgeTransport(of: link, in: session)
        settle()
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
