/// What `--help` says about commands, arguments and options.
package enum HelpText: Hashable, Sendable {
    case cache, cacheDetails, cacheCheck, cacheCompact, cacheCompactDetails, cacheForget
    case cacheForgetDetails, cacheForgetAge, cacheExport, cacheExportFormat, cacheExportFile, completions
    case completionsDetails, completionsShell, contacts, contactsList, offline, contactsAdd
    case contactsAddWho, contactsAddName, contactsRename, contactsRenameName, contactsRemove, contactsFind
    case contactsFindQuery, delete, deleteDetails, deleteIDs, deleteConversation, deleteYes, demo
    case demoDetails, demoPrint, server, profile, configurationFile, colour, authorityFile, logLevel
    case plain, json, history, historyDetails, limit, keys, keysDetails, keysList, login, loginDetails
    case loginEmail, passwordStdin, logout, mychat, mychatDetails, outbox, outboxList, outboxRetry
    case outboxRetryDetails, outboxCancel, outboxCancelDetails, queue, timeout, push, pushListen
    case pushListenDetails, pushCommand, pushDesktop, pushCount, pushTest, pushUnsubscribe, read
    case readDetails, register, registerEmail, registerName, registerInvitation, script, scriptDetails,
        scriptFiles
    case scriptBaseURL, scriptAccounts, scriptTag, scriptWithoutTag, scriptVariable, scriptTimeout
    case scriptJobs, scriptKeepGoing, scriptTrace, scriptReport, scriptAllowRegister
    case scriptAllowDestructive, scriptList, scriptCheck, search, searchDetails, searchQuery, onlyWith
    case searchBest, sessions, sessionsList, sessionsEnd, sessionsEndID, sessionsEndOthers, send, sendDetails,
        sendText, sendQueue, status, statusDetails, statusOffline, unread
    case unreadDetails, unreadRefresh, letterID, allLetters, watch, watchDetails, watchWith, watchCount
    case watchRead, whoami, doctor
    case who, doctorDetails
    case language(_ list: String)
    case watchKinds(_ list: String)
}

/// The names that help has for the values of arguments and options: `<who>`.
package enum ValueName: String, Hashable, Sendable, CaseIterable {
    case age, assignment, code, command, count, duration, email, file, format, ids, kind, language, level,
        name
    case number, shell, subcommand, tag, text, url, when, who, words
}

/// What the argument parser puts around help in English, and what a catalogue has in its place.
package struct ParserWords: Hashable, Sendable {
    package let overview, usage, arguments, options, subcommands: String
    /// What stands before the default value and before the values that an option may have.
    package let defaultValue, values: String
    package let showHelp, showVersion: String
    /// `%` is the command to write.
    package let seeHelp: String
    /// The command that was probably meant, for `%`.
    package let nearest: String
    /// Before a command that explains more.
    package let see: String
}

/// What is wrong with a command line.
package enum ParserMistake: Hashable, Sendable {
    case unknownOption(String)
    case missingArgument(String)
    case missingValue(String)
    case unexpectedArgument(String)
    /// Several of them, listed in quotes.
    case unexpectedArguments(String)
    case invalidValue(String, option: String)
    /// A text that is none of the choices.
    case noneOf(String, choices: String)
    /// An option that takes a number from one to another, or from one on.
    case notInRange(String, Int, Int?)
    case notBoth(String, String)
    case nothingToForget, noneToDelete, noneChosen, noFiles, setNeedsValue
    /// In the parser's own words, which are not translated.
    case other(String)
}
