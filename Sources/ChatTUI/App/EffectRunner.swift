import ChatClientCore
import ChatWire

/// Carries out effects on the client and posts the results. Effects keep their
/// order, so that a draft is saved before the conversation is left and messages are
/// entered as they were written; what waits for the network is let run beside them.
final class EffectRunner: Sendable {
    private let client: ChatClient
    private let mailbox: EventMailbox
    private let services: TerminalServices
    private let queue: AsyncStream<Effect>.Continuation

    init(client: ChatClient, mailbox: EventMailbox, services: TerminalServices) {
        self.services = services
        self.client = client
        self.mailbox = mailbox
        let (stream, continuation) = AsyncStream<Effect>.makeStream()
        queue = continuation
        Task { [self] in
            for await effect in stream { await perform(effect) }
        }
    }

    func enqueue(_ effect: Effect) { queue.yield(effect) }

    /// Releases the client; no more effects are carried out.
    func stop() { queue.finish() }

    private func perform(_ effect: Effect) async {
        do throws(ChatError) {
            try await attempt(effect)
        } catch {
            mailbox.post(.failed(error))
        }
    }

    private func attempt(_ effect: Effect) async throws(ChatError) {
        switch effect {
        case .start: await start()
        case .connect: await client.connect()
        case .reconnect: await client.reconnectNow()
        case .loadConversations: await loadConversations()
        case .loadTimeline(let peer, let limit, let withDraft):
            await loadTimeline(peer, limit: limit, withDraft: withDraft)
        case .loadWindow(let peer, let window, let limit): await loadWindow(peer, window, limit: limit)
        case .locate(let peer, let time):
            mailbox.post(.located(peer, try await client.history.position(with: peer, at: time)))
        case .locateUnread(let peer, let count):
            mailbox.post(.unreadLocated(peer, try await client.history.firstUnread(with: peer), count: count))
        case .fillGap(let row, let peer): beside { await $0.fillGap(row, of: peer) }
        case .search(let question, let cursor): await search(question, after: cursor)
        case .loadOutbox:
            let rows = try await client.outbox.rows()
            mailbox.post(.outboxLoaded(rows.map { OutboxPanel.Entry(peer: $0.peer, row: $0.row) }))
        case .sendHeld: try await client.outbox.sendHeld()
        case .discardHeld: try await client.outbox.discardHeld()
        case .rename(let peer, let name): beside { await $0.changeContact(peer, name: name) }
        case .removeContact(let peer): beside { await $0.changeContact(peer, name: nil) }
        case .deleteConversation(let peer): try await client.chats.delete(with: peer)
        case .fetchOlder(let peer): beside { await $0.fetchOlder(peer) }
        case .open(let peer): await client.open(peer)
        case .show(let peer): await client.open(peer, isAttended: false)
        case .markRead(let peer, let id): await client.markRead(peer, upTo: id)
        case .send(let text, let peer): await send(text, to: peer)
        case .retry(let messages):
            for message in messages { try await client.outbox.retry(message) }
        case .discard(let messages):
            for message in messages { try await client.outbox.discard(message) }
        case .edit(let message, let text, let peer, let sendsAgain):
            await edit(message, text, to: peer, sendsAgain: sendsAgain)
        case .sendAsNew(let message): try await client.outbox.sendAsNew(message)
        case .delete(let row): try await client.delete(row)
        case .saveDraft(let text, let peer): try await client.chats.setDraft(text, for: peer)
        case .typing(let isTyping, let peer): await client.typing(isTyping, to: peer)
        case .signIn(let email, let password): beside { await $0.signIn(email: email, password: password) }
        case .register(let name, let email, let password, let invitation):
            beside {
                await $0.register(name: name, email: email, password: password, invitation: invitation)
            }
        case .signOut: try await client.signOut()
        case .findPeople(let query): beside { await $0.findPeople(query) }
        case .addContact(let peer, let name): beside { await $0.addContact(peer, name: name) }
        case .finish: mailbox.post(.finished(await client.outboxSummary()))
        case .notify(let title, let body): services.notify(title, body)
        case .pin(let isPinned, let peer): try await client.chats.setPinned(isPinned, for: peer)
        case .mute(let isMuted, let peer): try await client.chats.setMuted(isMuted, for: peer)
        case .keepPreferences(let preferences): services.keepPreferences(preferences)
        case .rememberServer: services.rememberServer()
        case .askBackground, .tell, .copy, .openLink, .editExternally, .redraw, .suspend, .leave:
            // The main loop carries these out itself.
            break
        }
    }

    private func beside(_ work: @escaping @Sendable (EffectRunner) async -> Void) {
        Task { [self] in await work(self) }
    }

    private func start() async {
        let changes = await client.changes()
        let mailbox = mailbox
        Task {
            for await change in changes { mailbox.post(.change(change)) }
        }
        mailbox.post(
            .started(
                account: await client.account, link: await client.linkState,
                outbox: await client.outboxSummary()))
    }

    // The loads always answer, since the state waits for them.

    private func loadConversations() async {
        do throws(ChatError) {
            mailbox.post(.conversationsLoaded(try await client.conversations()))
        } catch {
            mailbox.post(.failed(error))
            mailbox.post(.conversationsLoaded([]))
        }
    }

    private func loadTimeline(_ peer: UserID, limit: Int, withDraft: Bool) async {
        do throws(ChatError) {
            let timeline = try await client.timeline(with: peer, limit: limit)
            let draft = withDraft ? await client.chats.draft(for: peer) : nil
            mailbox.post(.timelineLoaded(timeline, draft: draft))
        } catch {
            mailbox.post(.failed(error))
            mailbox.post(.timelineLoaded(Timeline(peer: peer, rows: [], hasOlder: false), draft: nil))
        }
    }

    private func loadWindow(_ peer: UserID, _ window: Effect.Window, limit: Int) async {
        do throws(ChatError) {
            let timeline =
                switch window {
                case .around(let row): try await client.timeline(with: peer, around: row, limit: limit)
                case .before(let position):
                    try await client.timeline(with: peer, before: position, limit: limit)
                case .start:
                    try await client.timeline(
                        with: peer, after: TimelinePosition(sent: MessageID(.min)), limit: limit)
                }
            mailbox.post(.windowLoaded(peer, timeline))
        } catch {
            mailbox.post(.failed(error))
            mailbox.post(.windowLoaded(peer, nil))
        }
    }

    private func fillGap(_ row: RowID, of peer: UserID) async {
        do throws(ChatError) {
            try await client.history.fillGap(row)
            mailbox.post(.gapFilled(peer, nil))
        } catch {
            mailbox.post(.gapFilled(peer, error))
        }
    }

    /// Gives a contact this name, or takes it off the list.
    private func changeContact(_ peer: UserID, name: String?) async {
        do throws(ChatError) {
            if let name {
                try await client.contacts.rename(peer, to: name)
            } else {
                try await client.contacts.remove(peer)
            }
        } catch {
            mailbox.post(.failed(error))
        }
    }

    private func search(_ question: SearchQuestion, after cursor: SearchCursor?) async {
        do throws(ChatError) {
            let page = try await client.history.search(
                question.text, with: question.peer, after: cursor, limit: SearchResults.pageHits)
            mailbox.post(.searched(question, page, isMore: cursor != nil))
        } catch {
            mailbox.post(.searchFailed(error))
        }
    }

    private func send(_ text: String, to peer: UserID) async {
        do throws(ChatError) {
            try await client.send(text, to: peer)
        } catch {
            mailbox.post(.sendRefused(text, to: peer, error))
        }
    }

    private func edit(_ message: TempID, _ text: String, to peer: UserID, sendsAgain: Bool) async {
        do throws(ChatError) {
            try await client.outbox.edit(message, text: text)
            if sendsAgain { try await client.outbox.retry(message) }
        } catch {
            mailbox.post(.sendRefused(text, to: peer, error))
        }
    }

    private func fetchOlder(_ peer: UserID) async {
        do throws(ChatError) {
            mailbox.post(.olderFetched(peer, foundMore: try await client.history.fetchOlder(with: peer)))
        } catch {
            mailbox.post(.failed(error))
            mailbox.post(.olderFetched(peer, foundMore: false))
        }
    }

    private func signIn(email: String, password: String) async {
        do throws(ChatError) {
            mailbox.post(.signedIn(try await client.signIn(email: email, password: password)))
        } catch {
            mailbox.post(.signInRefused(error))
        }
    }

    private func register(name: String, email: String, password: String, invitation: String?) async {
        do throws(ChatError) {
            let account = try await client.register(
                name: name, email: email, password: password, invitation: invitation)
            mailbox.post(.signedIn(account))
        } catch {
            mailbox.post(.signInRefused(error))
        }
    }

    private func findPeople(_ query: String) async {
        do throws(ChatError) {
            mailbox.post(.peopleFound(try await client.contacts.findPeople(query), query: query))
        } catch {
            mailbox.post(.findFailed(error, query: query))
        }
    }

    private func addContact(_ peer: UserID, name: String) async {
        do throws(ChatError) {
            try await client.contacts.add(peer)
            mailbox.post(.contactAdded(peer, name: name))
        } catch {
            mailbox.post(.failed(error))
        }
    }
}
