import ChatClientCore
import ChatCrypto
import ChatNet
import ChatSQLite
import ChatTUI

/// What went wrong, with its exit status.
extension CommandCatalogue {
    /// The exit status and the words for what the client threw.
    func failure(_ error: ChatError) -> CommandFailure {
        switch error {
        case .notSignedIn: CommandFailure(.unauthorized, notSignedIn, advice: signInAdvice)
        case .unauthorized(let message):
            CommandFailure(.unauthorized, serverSays(serverLine(message)), advice: signInAdvice)
        case .refused(_, let message): CommandFailure(.refused, serverSays(serverLine(message)))
        case .unavailable(let status, _):
            CommandFailure(.network, serverUnavailable(status), advice: tryLater)
        case .network(let error): failure(error)
        case .unexpectedAnswer(let detail):
            CommandFailure(.unexpectedAnswer, unexpectedAnswer(CleanLine(detail)), advice: isItMyChat)
        case .timeout: CommandFailure(.timeout, noAnswerInTime)
        case .invalid(let request): failure(request)
        case .storage(let error): CommandFailure(.storage, cacheFailed("\(error)"))
        case .file(let path, let code): failure(SystemError(code: code, operation: "open", path: path))
        }
    }

    private func failure(_ request: InvalidRequest) -> CommandFailure {
        let (status, advice): (ExitStatus, String?) =
            switch request {
            case .emptyMessage, .messageTooLong, .unknownMessage, .alreadyOnItsWay, .notDeletable, .emptyName,
                .queryTooShort:
                (.invalidInput, nil)
            case .outboxFull: (.storage, outboxFullAdvice)
            case .ownAccount: (.unknownRecipient, nil)
            case .ofAnotherAccount, .gapOutOfReach: (.refused, nil)
            case .forSomebodyElse: (.refused, forSomebodyElseAdvice)
            case .malformedToken: (.unauthorized, signInAdvice)
            }
        return CommandFailure(status, invalid(request), advice: advice)
    }

    private func failure(_ error: NetError) -> CommandFailure {
        CommandFailure(Self.status(error), network(error), advice: advice(error))
    }

    private static func status(_ error: NetError) -> ExitStatus {
        switch error {
        case .timeout: .timeout
        case .proxy(.unusable, _): .configuration
        default: .network
        }
    }

    /// What to do about it.
    func advice(_ error: NetError) -> String? {
        switch error {
        case .tls(.unknownIssuer, _), .tls(.selfSigned, _), .tls(.certificateRejected, _):
            trustAdvice ?? networkAdvice(error)
        default: networkAdvice(error)
        }
    }

    /// Why there is no link.
    func words(_ failure: LinkFailure) -> String {
        switch failure {
        case .notStarted: notConnected
        case .network(let error): network(error)
        case .handshakeTimeout: noAnswerInTime
        case .silence: linkSilent
        case .closed: linkEnded
        case .protocolViolation(let detail): protocolBroken(CleanLine(detail))
        case .storage(let error): cacheFailed("\(error)")
        case .rejected(let message): turnedDown(serverLine(message))
        }
    }

    /// The state of the link in a word or two.
    func words(_ link: LinkState) -> String {
        switch link {
        case .signedOut: notSignedIn
        case .offline(let reason, _): offline(words(reason))
        case .connecting: connecting
        case .online: online
        case .inUseElsewhere: inUseElsewhere
        case .refused: accountRefused
        }
    }

    /// The exit status and the words for a link that does not come up.
    func failure(_ link: LinkState) -> CommandFailure {
        switch link {
        case .refused, .signedOut: CommandFailure(.unauthorized, words(link), advice: signInAdvice)
        case .offline(.network(let error), _): failure(error)
        case .offline(.storage(let error), _): failure(ChatError.storage(error))
        case .offline, .inUseElsewhere, .connecting, .online: CommandFailure(.network, words(link))
        }
    }

    func failure(tooFewFiles limit: Int) -> CommandFailure {
        CommandFailure(.storage, tooFewFiles(limit), advice: tooFewFilesAdvice)
    }

    /// The words for a home that nothing can be kept in.
    func failure(_ missing: MissingHome) -> CommandFailure {
        let message =
            switch missing {
            case .unnamed: homeUnnamed
            case .absent(let path): homeAbsent(CleanLine(path))
            }
        return CommandFailure(.configuration, message, advice: homeAdvice)
    }

    /// The words for settings that cannot be used.
    func failure(_ error: SettingsError) -> CommandFailure {
        switch error {
        case .configuration(let error):
            return CommandFailure(.configuration, Sanitizer.text("\(error)"))
        case .badValue(let name, let source, let reason):
            let status: ExitStatus = source == .flag ? .usage : .configuration
            return CommandFailure(status, "\(name): \(Sanitizer.line(reason))")
        }
    }

    /// The words for a demonstration that cannot begin.
    func failure(_ error: DemoServer.Failure) -> CommandFailure {
        switch error {
        case .notFound(let name):
            CommandFailure(.configuration, noServerProgram(CleanLine(name)), advice: serverProgramAdvice)
        case .system(let error): failure(error)
        case .ended(let words): CommandFailure(.network, serverNotStarted(words))
        case .tooSlow: CommandFailure(.timeout, serverTooSlow)
        case .badAnswer(let detail): CommandFailure(.unexpectedAnswer, serverSaidOther(CleanLine(detail)))
        }
    }

    func outputFailed(_ error: SystemError) -> String { outputFailed(CleanLine(error.reason)) }

    func failure(_ error: SystemError) -> CommandFailure {
        CommandFailure(.storage, Sanitizer.line("\(error)"))
    }
}
