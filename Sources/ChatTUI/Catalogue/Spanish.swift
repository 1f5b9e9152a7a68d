import ChatClientCore
import ChatCrypto
import ChatNet
import ChatWire

/// Spanish, in words that are understood on both sides of the Atlantic.
struct Spanish: Catalogue {
    var style = CatalogueStyle()

    var language: Language { .spanish }

    // MARK: Names of things

    var online: String { say("en línea") }
    var offline: String { say("desconectado") }
    func newMessagesBelow(_ number: Int) -> String { count(number, "mensaje nuevo", "mensajes nuevos") }
    var you: String { say("tú") }
    func lastSeen(_ when: String) -> String { say("última vez \(when)") }
    var notAContact: String { say("no está en tus contactos · /\(words(for: .find).names[0])") }
    func isTyping(_ name: String) -> String { say("\(name) está escribiendo…") }
    var typing: String { say("escribiendo…") }
    var draftLabel: String { say("borrador:") }
    func mine(_ text: String) -> String { say("tú: \(text)") }
    func newMessages(_ number: Int) -> String { count(number, "nuevo", "nuevos") }
    var olderAbove: String { say("↑ mensajes anteriores") }
    var loadingOlder: String { say("buscando mensajes anteriores…") }
    var beginning: String { say("la conversación empieza aquí") }
    var gap: String { say("pueden faltar mensajes · /hueco los busca") }

    // MARK: Dates

    var months: [String] {
        [
            "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
            "octubre", "noviembre", "diciembre",
        ]
    }
    var weekdays: [String] {
        ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"]
    }
    var todayWord: String { say("hoy") }
    var yesterdayWord: String { say("ayer") }
    var yesterdayShort: String { say("ayer") }
    func date(_ time: CalendarTime, hasYear: Bool) -> String {
        let year = hasYear ? " de \(time.year)" : ""
        return say("\(name(ofWeekday: time)), \(time.day) de \(name(ofMonth: time))\(year)")
    }
    func moment(_ time: CalendarTime, today: CalendarTime) -> String {
        let hour = "\(time.hour == 1 ? "a la" : "a las") \(clock(time))"
        switch today.dayNumber - time.dayNumber {
        case 0: return say(hour)
        case 1: return say("ayer \(hour)")
        case 2..<7: return say("el \(name(ofWeekday: time))")
        default:
            let isThisYear = time.year == today.year
            return say("\(isThisYear ? "el" : "en") \(short(time, today: today))")
        }
    }
    var dateVocabulary: DateVocabulary {
        DateVocabulary(
            fillers: ["de", "del", "el", "en", "hace", "atras"],
            relative: ["hoy": 0, "ayer": 1, "anteayer": 2, "antier": 2], days: ["dia", "dias"],
            weeks: ["semana", "semanas"], months: ["mes", "meses"],
            years: ["ano", "anos", "año", "años"])
    }

    // MARK: The link

    var signedOut: String { say("sesión cerrada") }
    var connecting: String { say("conectando…") }
    var connected: String { say("conectado") }
    var inUseElsewhere: String { say("en uso en otro lugar") }
    var signInNeeded: String { say("inicia sesión de nuevo") }
    var linkDown: String { say("sin conexión") }
    var tryingNow: String { say("sin conexión · intentando…") }
    func nextTry(in seconds: Int) -> String { say("sin conexión · nuevo intento en \(seconds) s") }
    func nextTryShort(in seconds: Int) -> String { say("sin conexión · \(seconds) s") }
    var linkNotStarted: String { say("la conexión no se ha iniciado") }
    var handshakeTimedOut: String { say("el servidor no respondió a tiempo") }
    var linkSilent: String { say("el servidor dejó de responder") }
    var linkClosed: String { say("el servidor cerró la conexión") }
    var otherProtocol: String { say("el servidor habla otro protocolo") }
    func inUseElsewhereHelp(_ key: String) -> String {
        say("Esta cuenta está en uso en otro lugar. \(key) la trae aquí.")
    }

    // MARK: The status line

    func unsent(_ number: Int) -> String { count(number, "en cola", "en cola") }
    func waiting(_ number: Int) -> String { count(number, "no enviado", "no enviados") }
    func unread(_ number: Int) -> String { count(number, "no leído", "no leídos") }
    var paused: String { say("envío en pausa") }

    // MARK: Empty views

    var noConversations: String { say("Aún no hay conversaciones") }
    func noConversationsHint(_ key: String) -> String { say("\(key) busca personas") }
    var chooseConversation: String { say("Elige una conversación") }
    func chooseConversationHint(_ key: String, arrows: String, accept: String) -> String {
        say("\(arrows) y \(accept), o \(key) y un nombre")
    }
    var loading: String { say("cargando…") }
    var notHereYet: String { say("Aún no ha llegado nada aquí") }
    var comesWithLink: String { say("Llegará cuando vuelva la conexión") }
    func noMessages(_ name: String) -> String { say("Aún no hay mensajes con \(name)") }
    var noMessagesHint: String { say("Escribe el primero aquí abajo") }

    // MARK: The composer

    var groupingSeparator: String { "." }
    var composerPrompt: String { say("escribe un mensaje") }
    var composerOffline: [String] {
        [
            say("escribe un mensaje · se enviará cuando vuelva la conexión"),
            say("escribe · se envía al volver la conexión"),
            composerPrompt,
        ]
    }
    func composerElsewhere(_ key: String) -> [String] {
        [say("en uso en otro lugar · \(key) la trae aquí"), say("\(key) la trae aquí")]
    }
    func tooLong(_ limit: Int) -> String { say("Demasiado largo: como máximo \(grouped(limit)) caracteres.") }

    // MARK: Messages that did not go

    func heldBack(_ reason: HeldReason?) -> String {
        switch reason {
        case nil: say("retenido por ser antiguo: tú decides")
        case .formerServer: say("retenido, escrito para el servidor anterior: tú decides")
        case .goneFromServer: say("el servidor lo tenía y lo ha perdido: tú decides")
        }
    }
    func notSent(_ reason: String) -> String { say("no enviado: \(reason)") }
    var refusedWithoutWords: String { say("rechazado por el servidor") }

    // MARK: Notices

    func heldNotice(_ number: Int) -> String {
        say("\(count(number, "mensaje antiguo espera", "mensajes antiguos esperan")) tu decisión: /bandeja")
    }
    var signInAgain: String { say("Tu sesión ha caducado. Inicia sesión de nuevo; no se ha perdido nada.") }
    var sessionEnded: String {
        say("Esta sesión se cerró desde otro lugar. Inicia sesión de nuevo; no se ha perdido nada.")
    }
    func cacheSetAside(_ path: String, _ rescued: Int) -> String {
        say("La caché estaba dañada y se guardó en \(path). Mensajes no enviados recuperados: \(rescued).")
    }
    func contactChangeRefused(_ name: String, _ reason: String) -> String {
        say("\(name): el servidor rechazó el cambio: \(reason)")
    }
    func conversationKept(_ name: String, _ reason: String?) -> String {
        guard let reason else {
            return say("\(name) ha escrito mientras tanto: la conversación se borró solo aquí.")
        }
        return say("El servidor conservó la conversación con \(name): \(reason)")
    }
    var storageFailed: String { say("No se puede escribir en el disco.") }
    func nobodyNamed(_ name: String) -> String { say("Aquí no hay nadie llamado “\(name)”.") }
    func couldBe(_ name: String, _ people: [String]) -> String {
        say("“\(name)” puede ser \(people.joined(separator: " o ")).")
    }
    func added(_ name: String) -> String { say("\(name) ya está en tu lista.") }
    func pinned(_ name: String, _ isPinned: Bool) -> String {
        isPinned ? say("\(name) queda fijo arriba.") : say("\(name) ya no queda fijo arriba.")
    }
    func muted(_ name: String, _ isMuted: Bool) -> String {
        isMuted ? say("Sin avisos de \(name) a partir de ahora.") : say("Vuelven los avisos de \(name).")
    }
    func listWidths(_ range: ClosedRange<Int>) -> String {
        say("La lista tiene de \(range.lowerBound) a \(range.upperBound) columnas.")
    }
    var nothingUnread: String { say("Todo leído.") }
    var nothingToRetry: String { say("Aquí no hay nada pendiente.") }
    func retried(_ number: Int) -> String {
        count(number, "mensaje se envía de nuevo", "mensajes se envían de nuevo")
    }
    func discarded(_ number: Int) -> String {
        count(number, "mensaje descartado", "mensajes descartados")
    }
    func againQuits(_ key: String) -> String { say("\(key) otra vez para salir.") }
    func againQuits(_ key: String, unsent: Int) -> String {
        say("\(key) otra vez para salir; \(self.unsent(unsent)), para la próxima vez.")
    }
    func goodbye(unsent: Int) -> String {
        let left = count(unsent, "mensaje queda", "mensajes quedan")
        let sent = unsent == 1 ? "enviará" : "enviarán"
        return say("\(left) en cola y se \(sent) cuando vuelvas a abrir mychat.")
    }
    func goodbye(waiting: Int) -> String {
        say("\(count(waiting, "mensaje espera", "mensajes esperan")) tu decisión.")
    }

    // MARK: Sign in

    var server: String { say("Servidor") }
    var name: String { say("Nombre") }
    var email: String { say("Correo") }
    var password: String { say("Contraseña") }
    var invitation: String { say("Invitación") }
    var signInTitle: String { say("Iniciar sesión") }
    var registerTitle: String { say("Crear una cuenta") }
    var signInAction: String { say("entrar") }
    var registerAction: String { say("crear cuenta") }
    var toRegister: String { say("crear una cuenta") }
    var toSignIn: String { say("ya tengo cuenta") }
    var nextField: String { say("campo siguiente") }
    var working: String { say("un momento…") }
    var fillIn: String { say("Rellena todos los campos.") }

    // MARK: Dialogs

    var switcherTitle: String { say("Ir a") }
    var noContact: String { say("no es contacto") }
    var switcherPrompt: String { say("nombre") }
    var findTitle: String { say("Buscar personas") }
    var findPrompt: String { say("nombre o correo, al menos dos letras") }
    var searching: String { say("buscando…") }
    var noMatch: String { say("nadie encontrado") }
    var alreadyInList: String { say("en tu lista") }
    func addsToList(_ key: String) -> String { say("\(key) agrega y abre") }
    func opens(_ key: String) -> String { say("\(key) abre") }
    func closes(_ key: String) -> String { say("\(key) cierra") }
    var helpTitle: String { say("Teclas y comandos") }
    var commandsTitle: String { say("Comandos") }
    func more(_ arrows: String) -> String { say("\(arrows) más") }

    // MARK: Errors

    var nobodySignedIn: String { say("No has iniciado sesión.") }
    func serverUnavailable(_ status: Int) -> String {
        say("El servidor no puede responder ahora (\(status)).")
    }
    var senselessAnswer: String { say("La respuesta del servidor no tiene sentido.") }
    var noAnswerInTime: String { say("Sin respuesta a tiempo.") }
    func unusableFile(_ path: String, _ code: Int32) -> String {
        say("No se puede usar \(path) (error \(code)).")
    }
    func invalid(_ request: InvalidRequest) -> String {
        switch request {
        case .emptyMessage: say("Un mensaje vacío no se envía.")
        case .outboxFull(let limit):
            say("La bandeja de salida está llena: \(limit) mensajes esperan para enviarse.")
        case .messageTooLong(_, let limit): tooLong(limit)
        case .ownAccount: say("Esa persona eres tú.")
        case .unknownMessage: say("Ese mensaje ya no existe.")
        case .alreadyOnItsWay: say("Ese mensaje ya está en camino.")
        case .notDeletable: say("Ese mensaje no se puede borrar.")
        case .ofAnotherAccount: say("Eso lo escribió otra cuenta.")
        case .forSomebodyElse: say("No se sabe si esta es la persona para quien se escribió.")
        case .gapOutOfReach: say("El servidor no tiene mensajes más antiguos.")
        case .emptyName: say("Falta un nombre.")
        case .malformedToken: say("Eso no es un token.")
        case .queryTooShort: say("Al menos dos letras.")
        }
    }

    // MARK: What the server says

    func words(for refusal: Refusal) -> String {
        switch refusal {
        case .invalidData: say("Los datos no son válidos")
        case .missingFields: say("Todos los campos son obligatorios")
        case .passwordTooShort: say("La contraseña debe tener al menos 6 caracteres")
        case .passwordTooLong: say("La contraseña es demasiado larga (máximo 72 bytes)")
        case .nameTooLong: say("El nombre es demasiado largo (máximo 100 caracteres)")
        case .nameUnfit: say("El nombre tiene caracteres no permitidos o nada visible")
        case .emailTooLong: say("El correo es demasiado largo (máximo 255 caracteres)")
        case .emailWithoutAt, .emailUnknown: say("El correo no es válido")
        case .emailTaken: say("Ese correo ya tiene una cuenta")
        case .registrationClosed: say("Este servidor no crea cuentas")
        case .accountDisabled: say("Los administradores del servidor han desactivado esta cuenta")
        case .invitationMissing: say("Este servidor solo crea cuentas con invitación")
        case .invitationInvalid: say("La invitación no es válida o ha caducado")
        case .proofMissing: say("El servidor exige una prueba de trabajo para crear una cuenta")
        case .wrongCredentials: say("Correo o contraseña incorrectos")
        case .passwordWrong: say("La contraseña no es correcta")
        case .contactIDMissing: say("Falta el id del contacto")
        case .contactIsSelf: say("No puedes agregarte como contacto")
        case .userUnknown: say("No existe ese usuario")
        case .contactExists: say("Ese contacto ya está agregado")
        case .contactNameMissing: say("El contacto necesita un nombre")
        case .contactNameBlank: say("El nombre no puede estar vacío")
        case .contactNameTooLong: say("El nombre del contacto es demasiado largo (máximo 100 caracteres)")
        case .contactNameUnfit: say("El nombre del contacto tiene caracteres no permitidos o nada visible")
        case .contactUnknown: say("No existe ese contacto")
        case .contactUnchanged: say("No se pudo cambiar el contacto")
        case .contactNotEditable: say("No tienes permiso para cambiar este contacto")
        case .contactNotRemovable: say("No tienes permiso para quitar este contacto")
        case .searchTooShort: say("La búsqueda necesita al menos 2 caracteres")
        case .receiverMissing: say("Falta el id del destinatario")
        case .contentMissing: say("El mensaje no tiene contenido")
        case .contentBlank: say("El mensaje no puede estar vacío")
        case .contentTooLong: say("El mensaje es demasiado largo (máximo 5.000 caracteres)")
        case .receiverIsSelf: say("No puedes escribirte a ti mismo")
        case .receiverUnknown: say("No existe ese destinatario")
        case .messageUnknown: say("No existe ese mensaje")
        case .messageNotDeletable: say("No tienes permiso para borrar este mensaje")
        case .subscriptionNotSaved: say("No se pudo guardar la suscripción")
        case .endpointMissing: say("Falta el endpoint")
        case .subscriptionNotRemoved: say("No se pudo eliminar la suscripción")
        case .noSubscriptionWorks: say("Ninguna suscripción funciona. Vuelve a activar las notificaciones.")
        case .sessionUnknown: say("No existe esa sesión")
        }
    }
    func words(for problem: RequestProblem) -> String {
        switch problem {
        case .tokenMissing: say("Falta el token.")
        case .tokenMalformed: say("El token está mal formado.")
        case .tokenInvalid: say("El token no es válido o ha caducado.")
        case .sessionEnded: say("Esta sesión fue cerrada. Inicia sesión de nuevo.")
        case .notAuthenticated: say("No has iniciado sesión")
        case .notFound: say("El servidor no tiene esa ruta")
        case .methodNotAllowed: say("El servidor no permite ese método")
        case .requestTooLarge: say("La petición es demasiado grande")
        case .headersTooLarge: say("Las cabeceras son demasiado grandes")
        case .codingUnknown: say("La codificación no está soportada")
        case .badRequest: say("La petición no es válida")
        case .tooManyRequests: say("Demasiadas peticiones; inténtalo de nuevo")
        case .tooManyRequestsNow: say("Demasiadas peticiones; inténtalo de nuevo en un momento")
        case .overloaded: say("El servidor está sobrecargado; inténtalo de nuevo")
        case .diskFull: say("El servidor no tiene espacio en disco; inténtalo más tarde")
        case .databaseGone: say("El servidor no tiene acceso a su base de datos; inténtalo más tarde")
        case .serverError: say("Error en el servidor")
        }
    }

    // MARK: Another server than before

    func otherServer(_ why: String) -> String {
        say("El servidor ya no es el mismo: \(why). Los mensajes antiguos están marcados.")
    }
    func waitForYou(_ number: Int) -> String {
        say("\(count(number, "mensaje espera", "mensajes esperan")) tu decisión: /bandeja")
    }
    func why(_ reason: FormerServerReason) -> String {
        switch reason {
        case .otherDatabase: say("su base de datos es otra")
        case .otherAccount: say("la cuenta es otra")
        case .wentBack: say("ha vuelto a un estado anterior")
        case .otherMessages: say("sus mensajes son otros")
        }
    }
    func goneFromServer(_ number: Int) -> String {
        say("El servidor ha perdido \(count(number, "mensaje tuyo", "mensajes tuyos")): /bandeja")
    }
    func formerMessages(with name: String) -> String { say("con \(name), en el servidor anterior") }
    var presentMessages: String { say("en el servidor actual") }
    var formerMark: String { say("servidor anterior") }

    // MARK: What waits for the person

    func word(for decision: Decision) -> String {
        switch decision {
        case .retry: say("reenviar")
        case .edit: say("editar")
        case .drop: say("descartar")
        case .sendAsNew: say("como nuevo")
        }
    }
    func toDecide(_ key: String) -> String { say("\(key) para decidir") }
    var nothingToChoose: String { say("No hay mensajes que elegir.") }
    var onItsWay: String { say("Ese mensaje ya está en camino.") }
    func onlyUnsentAreEdited(quote key: String?) -> String {
        say("Lo enviado se queda como está\(key.map { "; \($0) lo cita" } ?? "").")
    }
    var onlyWaitingAsNew: String { say("Solo lo rechazado o retenido se envía como mensaje nuevo.") }
    var onlyOwnAreDeleted: String { say("Solo se pueden borrar tus propios mensajes.") }
    func dropped(yank key: String?) -> String {
        say("Descartado\(key.map { "; \($0) recupera el texto" } ?? "").")
    }
    var cancelledWhenKnown: String { say("En camino: se borrará en cuanto responda el servidor.") }
    var deleted: String { say("Borrado para ambas partes.") }
    var deletedLater: String { say("Borrado aquí; para la otra parte, cuando vuelva la conexión.") }
    var editing: String { say("editando un mensaje no enviado") }
    func editingHint(_ key: String) -> String { say("\(key) lo deja como estaba") }
    func emptyEdit(_ key: String?) -> String {
        say("Un mensaje vacío no se envía.\(key.map { " \($0) lo deja como estaba." } ?? "")")
    }

    // MARK: Copying and links

    func copied(_ outcome: CopyOutcome) -> String {
        switch outcome {
        case .inTmuxBuffer:
            say("En el búfer de tmux: prefijo ] lo pega. También fuera, si el terminal permite OSC 52.")
        case .handedOver(.tmux): say("Entregado a tmux, que solo lo guarda con “set -s set-clipboard on”.")
        case .handedOver(.screen):
            say("Entregado al terminal a través de screen. Si no se pega, permite OSC 52 en el terminal.")
        case .handedOver(.terminal):
            say("Entregado al terminal. Si no se pega, permite OSC 52 en su configuración.")
        case .refused:
            say("Este terminal no acepta copias: marca el texto con el ratón sin soltar Mayús (Shift).")
        }
    }
    var noLink: String { say("Este mensaje no tiene enlaces.") }
    var linksTitle: String { say("Abrir un enlace") }
    var cannotOpenLink: String { say("Aquí ningún programa abre enlaces.") }

    // MARK: Questions

    func letter(of answer: Question.Answer) -> String {
        switch answer {
        case .no: "n"
        case .yes: "s"
        case .oneLine: "j"
        case .look, .sendAll, .discardAll: ""
        }
    }
    func answer(_ answer: Question.Answer, to subject: Question.Subject) -> String {
        switch (subject, answer) {
        case (.deleteMessage, .yes): say("borrarlo para ambos")
        case (.openLink, .yes): say("abrirlo")
        case (.openLink, .no): say("no abrirlo")
        case (.paste, .yes): say("pegarlas")
        case (.paste, .no): say("no pegarlas")
        case (.removeContact, .yes): say("quitar")
        case (.deleteConversation, .yes): say("borrar todo para ambos")
        case (.held, .no), (.heldFromFormerServer, .no): say("más tarde")
        case (_, .no): say("conservar")
        case (_, .yes): say("sí")
        case (_, .oneLine): say("juntarlas en una sola línea")
        case (_, .look): say("ver cuáles son")
        case (_, .sendAll): say("enviar todos ahora")
        case (_, .discardAll): say("descartar todos")
        }
    }
    func title(of subject: Question.Subject) -> String {
        switch subject {
        case .deleteMessage: say("¿Borrar este mensaje?")
        case .openLink: linksTitle
        case .paste(_, let lines): say("¿Pegar \(lines) líneas?")
        case .held(let number), .heldFromFormerServer(let number):
            count(number, "mensaje retenido", "mensajes retenidos")
        case .removeContact: say("¿Quitar de tu lista?")
        case .deleteConversation: say("¿Borrar esta conversación?")
        }
    }
    func explanation(of subject: Question.Subject) -> String {
        switch subject {
        case .deleteMessage: say("Se borrará para ambas partes. No se puede deshacer.")
        case .openLink: say("Se abre en tu navegador.")
        case .paste: say("Se convierten en un solo mensaje.")
        case .held(1): say("Se escribió hace mucho y no se envió. ¿Enviarlo ahora?")
        case .held: say("Se escribieron hace mucho y no se enviaron. ¿Enviarlos ahora?")
        case .heldFromFormerServer:
            say("El servidor es otro ahora, o los ha perdido. Solo van los que son para las mismas personas.")
        case .removeContact: say("Los mensajes se conservan.")
        case .deleteConversation:
            say("Todos sus mensajes se borrarán para ambas partes. No se puede deshacer.")
        }
    }

    // MARK: Details

    var detailsTitle: String { say("Sobre este mensaje") }
    var detailFrom: String { say("de") }
    var detailState: String { say("estado") }
    var detailReason: String { say("motivo") }
    func detailTime(isUnsent: Bool) -> String { isUnsent ? say("escrito") : say("enviado") }
    var detailDelivered: String { say("entregado") }
    var detailRead: String { say("leído") }
    var detailLength: String { say("longitud") }
    func characters(_ number: Int) -> String { count(number, "carácter", "caracteres") }
    var detailID: String { say("id") }
    var detailTempID: String { say("id local") }
    func words(for state: RowState) -> String {
        switch state {
        case .received: say("recibido")
        case .queued: say("en cola: espera para enviarse")
        case .sending: say("enviándose")
        case .unknown: say("enviado, aún sin confirmar")
        case .sent: say("el servidor lo tiene")
        case .delivered: say("entregado")
        case .read: say("leído")
        case .failed: say("rechazado por el servidor")
        case .held: say("retenido hasta que decidas")
        }
    }

    // MARK: Slash commands

    func words(for command: SlashCommand) -> CommandWords {
        switch command {
        case .help: CommandWords("ayuda", help: say("teclas y comandos"))
        case .keys: CommandWords("teclas", help: say("cómo se llama y qué hace una tecla"))
        case .goTo: CommandWords("ir", help: say("ir a una conversación"))
        case .next: CommandWords("siguiente", help: say("siguiente conversación no leída"))
        case .search: CommandWords("buscar", help: say("buscar en los mensajes"))
        case .date: CommandWords("fecha", help: say("ir a un día"))
        case .unread: CommandWords("nuevos", help: say("ir a los mensajes nuevos"))
        case .end: CommandWords("fin", "final", help: say("ir al mensaje más reciente"))
        case .older: CommandWords("anteriores", help: say("mensajes anteriores"))
        case .find: CommandWords("agregar", "añadir", "anadir", help: say("buscar personas y agregarlas"))
        case .rename: CommandWords("renombrar", help: say("dar otro nombre a esta persona"))
        case .remove: CommandWords("quitar", help: say("quitar a esta persona de la lista"))
        case .deleteConversation:
            CommandWords(
                "borrar-conversacion", "borrar-conversación",
                help: say("borrar esta conversación para ambos"))
        case .edit: CommandWords("editar", help: say("escribir en tu editor"))
        case .copy: CommandWords("copiar", help: say("copiar el mensaje más reciente"))
        case .delete: CommandWords("borrar", help: say("borrar tu mensaje más reciente"))
        case .outbox: CommandWords("bandeja", "salida", help: say("lo que aún no se ha enviado"))
        case .retry: CommandWords("reenviar", help: say("reenviar lo no enviado aquí"))
        case .discard: CommandWords("descartar", help: say("descartar lo no enviado aquí"))
        case .gap: CommandWords("hueco", help: say("buscar lo que pueda faltar"))
        case .conversations: CommandWords("lista", help: say("las conversaciones"))
        case .list: CommandWords("lista", help: say("ocultar o mostrar la lista; ancho"))
        case .pin: CommandWords("fijar", help: say("fijar arriba en la lista, o dejar de fijar"))
        case .mute: CommandWords("silenciar", help: say("silenciar, o volver a avisar"))
        case .status: CommandWords("estado", help: say("conexión, no leídos y no enviados"))
        case .typing: CommandWords("escribiendo", help: say("sí o no: saber quién está escribiendo"))
        case .profile: CommandWords("perfil", help: say("cambiar a otro perfil"))
        case .reconnect: CommandWords("reconectar", help: say("conectar ahora"))
        case .signOut:
            CommandWords("cerrar-sesion", "cerrar-sesión", help: say("cerrar sesión; la caché se queda"))
        case .quit: CommandWords("salir", help: say("salir; lo que está en cola sigue en cola"))
        }
    }
    func word(for argument: SlashCommand.Argument) -> String {
        switch argument {
        case .person: say("nombre")
        case .words: say("palabras")
        case .day: say("ayer, 1 oct, …")
        case .query: say("nombre o correo")
        case .newName: say("nombre nuevo")
        case .width: say("ancho")
        case .profile: say("nombre")
        case .onOrOff: say("sí, no")
        }
    }
    func unknownCommand(_ name: String) -> String { say("No existe el comando /\(name).") }
    func didYouMean(_ name: String) -> String { say("¿Querías decir /\(name)?") }
    var slashHint: String { say("// empieza un texto con barra.") }
    func takesNothing(_ name: String) -> String { say("/\(name) no lleva nada; con // va como texto.") }
    func pasteCut(_ limit: Int) -> String {
        say("Lo pegado se recortó: un mensaje tiene como máximo \(grouped(limit)) caracteres.")
    }

    // MARK: Jumps

    var newerBelow: String { say("↓ mensajes más recientes") }
    var noMessageThere: String { say("Ahí no hay mensajes.") }
    var noDate: String {
        say("Eso no es un día. Prueba: ayer, viernes, hace 3 días, 1 oct, 2026-10-01.")
    }
    var noGap: String { say("Aquí no falta nada.") }
    var gapNeedsLink: String { say("Lo que falta se podrá buscar cuando vuelva la conexión.") }

    // MARK: Search

    func hits(_ number: Int) -> String { count(number, "resultado", "resultados") }
    func searchIn(_ name: String) -> String { say("Buscar en la conversación con \(name)") }
    var searchEverywhere: String { say("Buscar en todas las conversaciones") }
    func searchOther(isEverywhere: Bool, _ key: String) -> String {
        isEverywhere ? say("\(key) solo esta") : say("\(key) todas")
    }
    var searchPrompt: String { say("palabras de un mensaje") }
    var searchHint: String {
        say("Mayúsculas y acentos no cuentan; \"palabras entre comillas\" van juntas.")
    }
    var noHits: String { say("ningún mensaje tiene esas palabras") }
    func indexing(_ number: Int) -> String { say("\(number) aún sin indexar") }
    func hit(_ number: Int, of total: String) -> String { say("\(number) de \(total)") }
    func youTo(_ name: String) -> String { say("tú a \(name)") }
    func noSearchYet(_ ways: [String]) -> String {
        say("Busca algo antes: \(ways.joined(separator: " o ")).")
    }
    var noOlderHit: String { say("No hay resultados más antiguos.") }
    var noNewerHit: String { say("No hay resultados más recientes.") }

    // MARK: The outbox

    var outboxWord: String { say("Bandeja de salida") }
    var outboxEmpty: String { say("Nada espera para enviarse.") }

    // MARK: Editing

    var noEditor: String { say("No se pudo abrir ningún editor. Define EDITOR.") }
    func noEditor(_ words: String, variable: String) -> String {
        say("No se pudo abrir el editor “\(words)”. Define \(variable).")
    }
    func editorFileFailed(_ reason: String) -> String {
        say("No se puede escribir el texto para el editor: \(reason)")
    }
    func editorFailed(yank key: String?) -> String {
        let way = key.map { " \($0) trae lo que guardó." } ?? ""
        return say("El editor terminó con un error: el texto queda como antes.\(way)")
    }
    func editorSavedNoText(yank key: String?) -> String {
        let way = key.map { " \($0) trae lo que se puede leer." } ?? ""
        return say("Lo que guardó el editor no es UTF-8: el texto queda como antes.\(way)")
    }
    var editorSavedTooMuch: String {
        say("Lo que guardó el editor pasa de un megabyte: el texto queda como antes.")
    }
    var nothingToDelete: String { say("Aquí no hay nada tuyo que borrar.") }

    // MARK: People and profiles

    func profileIs(_ name: String) -> String { say("Este es el perfil \(name).") }
    func otherProfiles(_ names: String) -> String { say("Otros: \(names).") }
    func renamed(_ name: String) -> String { say("Nombre nuevo: \(name)") }
    func removed(_ name: String) -> String { say("\(name) ya no está en tu lista.") }
    var nameTooLong: String { say("Ese nombre es demasiado largo.") }
    var noProfileName: String { say("El nombre de un perfil lleva letras, dígitos, '-', '_' y '.'.") }
    var oneProfileOnly: String { say("Aquí no se puede cambiar de perfil.") }

    // MARK: Keys

    func hint(_ command: Command) -> String {
        switch command {
        case .help: say("ayuda")
        case .quit: say("salir")
        case .switcher: say("ir a")
        case .findPeople: say("buscar personas")
        case .nextUnread: say("no leído")
        case .switchPane: say("lista")
        case .search: say("buscar")
        case .reconnect: say("usar aquí")
        case .message(let command): hint(command)
        default: describe(command)
        }
    }
    private func hint(_ command: MessageCommand) -> String {
        switch command {
        case .copy: say("copiar")
        case .quote: say("citar")
        case .openLink: say("abrir enlace")
        case .details: say("detalles")
        case .delete: say("borrar")
        case .retry: say("reenviar")
        case .edit: say("editar")
        case .nextHit: say("siguiente")
        case .previousHit: say("anterior")
        case .sendAsNew: say("como nuevo")
        case .leave: say("escribir")
        default: describe(command)
        }
    }
    var conversation: String { say("conversación") }
    func section(_ section: Keymap.Section) -> String {
        switch section {
        case .everywhere: say("En todas partes")
        case .conversations: say("Conversaciones")
        case .messages: say("Mensajes")
        case .chosen: say("Con un mensaje elegido")
        case .writing: say("Escribir")
        }
    }
    func describe(_ command: Command) -> String {
        switch command {
        case .help: say("esta ayuda")
        case .quit: say("salir; lo que está en cola sigue en cola")
        case .interrupt: say("salir, si se pulsa dos veces")
        case .suspend: say("volver al shell; fg regresa")
        case .redraw: say("redibujar la pantalla")
        case .reconnect: say("conectar ahora")
        case .switcher: say("ir a una conversación por su nombre")
        case .findPeople: say("buscar personas y agregarlas")
        case .nextUnread: say("siguiente conversación no leída")
        case .previousConversation: say("conversación de arriba")
        case .nextConversation: say("conversación de abajo")
        case .conversation: say("conversación de esa posición")
        case .switchPane: say("entre lista y conversación")
        case .toggleList: say("ocultar o mostrar la lista")
        case .widenList: say("lista más ancha")
        case .narrowList: say("lista más estrecha")
        case .togglePinned: say("fijar arriba en la lista, o dejar de fijar")
        case .toggleMuted: say("silenciar, o volver a avisar")
        case .pageUp: say("una página arriba")
        case .pageDown: say("una página abajo")
        case .lineUp: say("una línea arriba")
        case .lineDown: say("una línea abajo")
        case .scrollToStart: say("al principio")
        case .scrollToEnd: say("al final")
        case .search: say("buscar en esta conversación")
        case .searchAll: say("buscar en todas las conversaciones")
        case .outbox: say("lo que aún no se ha enviado")
        case .externalEditor: say("escribir en tu editor")
        case .prefix: say("después " + pairs(editor: "editor", undo: "deshacer"))
        case .chooseMessage: say("elegir un mensaje")
        case .message(let command): describe(command)
        case .up: say("línea de arriba; lo enviado antes")
        case .down: say("línea de abajo")
        case .accept: say("enviar")
        case .cancel: say("cerrar; volver al final")
        case .newline: say("línea nueva")
        case .edit(let edit): describe(edit)
        }
    }
    private func describe(_ command: MessageCommand) -> String {
        switch command {
        case .previous: say("el mensaje de arriba")
        case .next: say("el mensaje de abajo")
        case .pageUp: say("una página arriba")
        case .pageDown: say("una página abajo")
        case .first: say("el primero")
        case .last: say("el último")
        case .previousDay: say("el día anterior")
        case .nextDay: say("el día siguiente")
        case .copy: say("copiar su texto")
        case .quote: say("responder citándolo")
        case .openLink: say("abrir un enlace suyo")
        case .details: say("todo sobre él")
        case .delete: say("borrarlo; descartar uno no enviado")
        case .retry: say("enviarlo de nuevo")
        case .edit: say("cambiarlo antes de que se envíe")
        case .sendAsNew: say("enviarlo como mensaje nuevo")
        case .search: say("buscar")
        case .nextHit: say("resultado siguiente")
        case .previousHit: say("resultado anterior")
        case .unreadLine: say("a los mensajes nuevos")
        case .fillGap: say("buscar lo que pueda faltar arriba")
        case .leave: say("volver a escribir")
        }
    }
    private func describe(_ edit: Command.Edit) -> String {
        switch edit {
        case .left: say("a la izquierda")
        case .right: say("a la derecha")
        case .wordLeft: say("una palabra a la izquierda")
        case .wordRight: say("una palabra a la derecha")
        case .lineStart: say("al principio de la línea")
        case .lineEnd: say("al final de la línea")
        case .textStart: say("al principio del texto")
        case .textEnd: say("al final del texto")
        case .deleteBackward: say("borrar a la izquierda")
        case .deleteForward: say("borrar a la derecha")
        case .killWordBackward: say("cortar la palabra de la izquierda")
        case .killToSpace: say("cortar hasta el espacio")
        case .killWordForward: say("cortar la palabra de la derecha")
        case .killToStart: say("cortar hasta el principio de la línea")
        case .killToEnd: say("cortar hasta el final de la línea")
        case .yank: say("pegar lo cortado")
        case .yankEarlier: say("pegar lo cortado antes de eso")
        case .transpose: say("intercambiar dos caracteres")
        case .undo: say("deshacer")
        case .redo: say("rehacer")
        }
    }

    // MARK: Trying keys

    var keysTitle: String { say("Qué hacen las teclas") }
    var keysHint: String { say("Pulsa cualquier tecla") }
    func keysClose(_ key: String) -> String { say("\(key) \(key) cierra") }
    var keyTypes: String { say("se escribe") }
    var keyDoesNothing: String { say("no hace nada") }
    func whileChosen(_ words: String) -> String { say("con un mensaje elegido: \(words)") }
    var doubleSlash: String { say("un mensaje que empieza con barra") }

    // MARK: The network

    func serverAddress(_ error: ServerURLError) -> String {
        switch error {
        case .empty: "falta la dirección del servidor"
        case .unsupportedScheme(let scheme): "'\(scheme)' no sirve: usa http:// o https://"
        case .missingHost: "a la dirección del servidor le falta el nombre de la máquina"
        case .invalidHost(let host): "'\(host)' no es un nombre de máquina"
        case .invalidPort(let port): "'\(port)' no es un puerto: usa un número del 1 al 65535"
        case .containsCredentials: "la dirección del servidor no lleva usuario ni contraseña"
        case .containsQueryOrFragment: "la dirección del servidor no lleva '?' ni '#'"
        case .invalidPath(let path): "'\(path)' no es una ruta"
        }
    }
    func network(_ error: NetError) -> String {
        switch error {
        case .hostNotFound(let host): "no existe ningún servidor llamado \(host)"
        case .resolverFailed(let host, _): "no se pudo localizar \(host): revisa la red"
        case .refused(let endpoint): "\(endpoint) rechazó la conexión; ¿está en marcha el servidor?"
        case .unreachable(let endpoint, _): "no hay camino hasta \(endpoint): revisa la red"
        case .timeout(_, let endpoint): "\(endpoint) no respondió a tiempo"
        case .tls(let failure, let endpoint): "sin conexión segura con \(endpoint): \(tls(failure))"
        case .proxy(.credentialsRequired, let proxy), .proxy(.credentialsRefused, let proxy):
            "el proxy \(proxy) exige usuario y contraseña, o rechazó los que recibió"
        case .proxy(_, let proxy): "el proxy \(proxy) no dio acceso al servidor"
        case .closed(let endpoint): "\(endpoint) cerró la conexión"
        case .sendBufferFull(_, let endpoint): "\(endpoint) no está recibiendo datos"
        case .invalidRequest: "la petición contiene un carácter que no se puede enviar"
        case .invalidResponse(_, let endpoint): "lo que responde en \(endpoint) no es un servidor web"
        case .redirectRefused(let location): "el servidor envía esta petición a otro lugar: \(location)"
        case .tooManyRedirects: "el servidor redirige sin fin"
        case .webSocketRefused(let status, let endpoint):
            "\(endpoint) rechazó la conexión en tiempo real (HTTP \(status))"
        case .webSocketHandshake(_, let endpoint): "\(endpoint) no ofrece WebSocket"
        case .webSocket(_, let endpoint): "se cayó la conexión con \(endpoint)"
        case .localResources: "esta máquina no puede abrir una conexión"
        case .cancelled: "cancelado"
        }
    }
    func tls(_ failure: TLSFailure) -> String {
        switch failure {
        case .certificateExpired(let notAfter): "el certificado del servidor caducó el \(notAfter)"
        case .certificateNotYetValid(let notBefore):
            "el certificado del servidor no vale hasta el \(notBefore)"
        case .hostMismatch(let host, let presented):
            presented.isEmpty
                ? "el certificado del servidor no es de \(host)"
                : "el certificado del servidor es de \(presented.joined(separator: ", ")), no de \(host)"
        case .unknownIssuer(let issuer, _):
            "el certificado del servidor lo firmó una autoridad desconocida (\(issuer))"
        case .selfSigned(let subject, _):
            "el certificado del servidor está firmado por él mismo (\(subject))"
        case .pinMismatch(let presented):
            "la clave del servidor no es la que se fijó" + (presented.map { " (muestra \($0))" } ?? "")
        case .certificateRejected(let reason): "el certificado del servidor se rechazó: \(reason)"
        case .protocolVersion: "el servidor no ofrece TLS 1.2 ni más reciente"
        case .notTLS: "lo que responde ahí no usa TLS"
        case .refusedByPeer(let alert): "el servidor rechazó la conexión TLS (\(alert))"
        case .truncated: "la conexión TLS se cortó"
        case .protocolError(let reason): "falló la conexión TLS: \(reason)"
        case .authorityFile(let path, let reason):
            "no se puede usar el archivo de autoridades \(path): \(reason)"
        case .setup(let reason): "no se pudo preparar TLS: \(reason)"
        }
    }
    func tlsAdvice(_ failure: TLSFailure) -> String? {
        switch failure {
        case .certificateExpired:
            "Comprueba el reloj de esta máquina; si va bien, quien lleva el servidor debe renovar el certificado."
        case .certificateNotYetValid: "Comprueba el reloj de esta máquina."
        case .hostMismatch(_, let presented):
            presented.isEmpty
                ? nil : "Usa uno de los nombres del certificado, si ese es el servidor que quieres."
        case .unknownIssuer(_, let pin), .selfSigned(_, let pin):
            "Si sabes que este es el servidor correcto, confía en su autoridad con un archivo PEM"
                + (pin.map { ", o fija su clave: \($0)" } ?? "") + "."
        case .pinMismatch:
            "Puede haber alguien en medio, o el servidor tiene una clave nueva; pregunta a quien lo lleva antes de cambiar nada."
        case .notTLS: "Si el servidor no usa TLS, escribe la dirección con http://."
        case .certificateRejected, .protocolVersion, .refusedByPeer, .truncated, .protocolError,
            .authorityFile, .setup:
            nil
        }
    }
    func terminal(_ error: TerminalError) -> String {
        let plain = "`mychat --plain` conversa línea a línea; comandos como `mychat send` hacen una cosa."
        return switch error {
        case .notATerminal:
            "El cliente de pantalla completa necesita un terminal en la entrada y la salida estándar. "
                + plain
        case .noTerminalType:
            "TERM no está definida: no se sabe qué terminal es; prueba TERM=xterm-256color. " + plain
        case .unknownTerminalType(let name):
            "El tipo de terminal “\(Sanitizer.line(name))” (TERM) es desconocido; prueba TERM=xterm-256color. "
                + plain
        case .incapableTerminal(let name):
            "Un terminal de tipo “\(Sanitizer.line(name))” (TERM) no muestra pantallas completas. " + plain
        case .inBackground:
            "El programa se ejecuta en segundo plano, sin un shell que lo traiga al frente. " + plain
        case .system(let call, let code): "Falló el terminal: \(call), error \(code)."
        }
    }

    // MARK: Keys

    var keyProbeBegins: String {
        say("Pulsa teclas para ver sus nombres, comandos y bytes. Ctrl-C termina.")
    }
    var noKey: String { say("(ninguna tecla)") }
    func pasted(_ characters: Int) -> String { say("(pegado: \(self.characters(characters)))") }

    // MARK: Plain mode

    func plainLink(_ words: String) -> String { say("Conexión: \(words).") }
    var everythingSent: String { say("Todo enviado.") }
    var yesWords: [String] { ["sí", "si", "s"] }
    var noWords: [String] { ["no", "n"] }
    func plainWelcome(_ email: String) -> String {
        say("MyChat, línea a línea. Eres \(email). /ayuda muestra los comandos.")
    }
    var plainNobodyOpen: String {
        say("No hay ninguna conversación abierta. /lista las muestra, /ir y un nombre abre una.")
    }
    func plainConversation(_ name: String, _ presence: String?) -> String {
        say("Conversación con \(name)\(presence.map { ", " + $0 } ?? "").")
    }
    var plainNoMessages: String { say("Aún no hay mensajes.") }
    var plainBeginning: String { say("La conversación empieza aquí.") }
    var plainOlder: String { say("/anteriores muestra mensajes anteriores.") }
    func plainUnread(_ number: Int) -> String { count(number, "mensaje nuevo:", "mensajes nuevos:") }
    func plainElsewhere(_ name: String, _ text: String) -> String {
        say("Mensaje nuevo de \(name): \(text)")
    }
    var plainYou: String { say("Tú") }
    func word(_ state: RowState) -> String {
        switch state {
        case .received: say("recibido")
        case .queued: say("en cola")
        case .sending: say("enviando")
        case .unknown: say("aún sin confirmar")
        case .sent: say("enviado")
        case .delivered: say("entregado")
        case .read: say("leído")
        case .failed: say("no enviado")
        case .held: say("espera tu decisión")
        }
    }
    func plainFailure(_ reason: String, _ excerpt: String) -> String {
        say("No enviado: \(excerpt). Motivo: \(reason). /reenviar lo manda de nuevo, /descartar lo descarta.")
    }
    var plainChoose: String {
        say("Un número agrega y abre a esa persona; una línea vacía no agrega a nadie.")
    }
    var plainNobodyAdded: String { say("No se agregó a nadie.") }
    var plainModeOnly: String { say("Eso solo existe en el modo línea a línea.") }
    var plainFullScreenOnly: String { say("Eso solo existe en la pantalla completa.") }
    var plainSearchWhat: String { say("Escribe a quién buscar: /agregar nombre") }
    func typingAnnounced(_ isOn: Bool) -> String {
        isOn ? say("Sabrás quién está escribiendo.") : say("No se te dirá quién está escribiendo.")
    }
    var plainSearchFor: String { say("Escribe qué buscar: /buscar palabras") }
    func plainNewName(_ name: String) -> String { say("Escribe el nombre nuevo: /renombrar \(name)") }
    func plainRemove(_ name: String) -> String { say("¿Quitar a \(name) de tus contactos? sí o no.") }
    func plainDelete(_ excerpt: String) -> String {
        say("¿Borrar tu último mensaje para ambos: \(excerpt)? sí o no.")
    }
    func plainDeleteConversation(_ name: String) -> String {
        say("¿Borrar toda la conversación con \(name), para ambos? sí o no.")
    }
    var plainDeleting: String { say("Se está borrando.") }
    var plainNothingToDelete: String { say("Aquí no hay ningún mensaje tuyo.") }
    func plainTakesNothing(_ name: String) -> String {
        say("/\(name) no lleva nada; // lo envía como texto. No se hizo nada.")
    }
    var plainLineTooLong: String { say("No enviado: la línea es demasiado larga.") }
    var plainNotText: String { say("No enviado: no es UTF-8.") }
    func plainPasted(_ count: Int) -> String {
        say(
            "Llegaron \(count) líneas juntas; un comando o una respuesta va aparte. No se envió ni se hizo nada."
        )
    }
    var plainNothingDone: String { say("No se hizo nada.") }

    // MARK: Emoji

    var emojiNames: String {
        """
        😀 sonrisa,alegre
        😃 feliz
        😄 risa
        😁 radiante
        😆 carcajada
        😅 uf
        🤣 rodando_de_risa
        😂 llorando_de_risa
        🙂 sonrisita
        🙃 al_reves
        😉 guino
        😊 sonrojado
        😇 angel
        🥰 enamorado
        😍 ojos_de_corazon
        😘 beso
        😋 rico,delicioso
        😛 lengua
        😜 loco
        🤪 chiflado
        🤗 abrazo
        🤭 ups
        🤫 silencio
        🤔 pensando
        🤐 boca_cerrada
        🤨 ceja
        😐 neutral
        😑 inexpresivo
        😶 sin_palabras
        😏 sonrisa_torcida
        😒 sin_gracia
        🙄 ojos_en_blanco
        😬 mueca
        😌 aliviado
        😔 pensativo
        😪 somnoliento
        🤤 baba
        😴 durmiendo
        😷 mascarilla
        🤒 enfermo
        🤕 herido
        🤢 nausea
        🤧 estornudo
        🥵 calor
        🥶 frio
        🥴 mareado
        🤯 cabeza_explotando
        🥳 fiesta
        😎 genial,gafas_de_sol
        🤓 empollon
        😕 confundido
        😟 preocupado
        🙁 triste
        😮 vaya
        😲 asombrado
        😳 avergonzado
        🥺 por_favor
        😨 miedo
        😰 ansioso
        😢 llorar
        😭 llorando
        😱 grito
        😖 desconcertado
        😞 decepcionado
        😓 sudor
        😩 agotado
        😫 cansado
        🥱 bostezo
        😤 resoplido
        😡 enfadado,rabia
        🤬 palabrota
        😈 diablillo
        💀 calavera
        💩 caca
        🤡 payaso
        👻 fantasma
        👽 extraterrestre
        🤖 robot
        😺 gato_feliz
        🙈 no_ver
        🙉 no_oir
        🙊 no_hablar
        ❤️ corazon,amor
        🧡 corazon_naranja
        💛 corazon_amarillo
        💚 corazon_verde
        💙 corazon_azul
        💜 corazon_morado
        🖤 corazon_negro
        🤍 corazon_blanco
        💔 corazon_roto
        💕 dos_corazones
        💯 cien
        💥 explosion
        💫 vertigo
        💦 gotas
        💤 siesta
        👋 hola,adios,saludo
        🤚 mano
        ✋ alto,choca
        👌 ok,perfecto
        🤏 poquito
        ✌️ paz,victoria
        🤞 dedos_cruzados
        🤘 rock
        🤙 llamame
        👈 izquierda
        👉 derecha
        👆 arriba
        👇 abajo
        👍 pulgar_arriba,si,bien
        👎 pulgar_abajo,mal,no
        ✊ puno
        👊 punetazo
        👏 aplauso
        🙌 viva,hurra
        🤝 trato,apreton_de_manos
        🙏 gracias,rezar
        ✍️ escribiendo
        💪 fuerza,musculo
        👀 ojos
        👁️ ojo
        🧠 cerebro
        👶 bebe
        👦 nino
        👧 nina
        👨 hombre
        👩 mujer
        👴 abuelo
        👵 abuela
        🤷 ni_idea
        🤦 mano_en_la_cara
        🙋 yo
        🏃 correr
        🚶 caminar
        💃 bailar
        🕺 bailarin
        👪 familia
        👣 huellas
        🐶 perro
        🐱 gato
        🐭 raton
        🐰 conejo
        🦊 zorro
        🐻 oso
        🐼 panda
        🐯 tigre
        🦁 leon
        🐮 vaca
        🐷 cerdo
        🐸 rana
        🐵 mono
        🐔 gallina
        🐧 pinguino
        🐦 pajaro
        🦆 pato
        🦉 buho
        🐴 caballo
        🦄 unicornio
        🐝 abeja
        🦋 mariposa
        🐞 mariquita
        🐢 tortuga
        🐍 serpiente
        🐙 pulpo
        🐟 pez
        🐬 delfin
        🐳 ballena
        🦥 perezoso
        🐘 elefante
        🌵 cactus
        🌲 arbol
        🌴 palmera
        🍀 trebol,suerte
        🌹 rosa
        🌻 girasol
        🌸 flor
        🍄 seta,hongo
        🌍 tierra,mundo
        🌙 luna
        ⭐ estrella
        🌟 estrella_brillante
        ✨ brillo
        ⚡ rayo
        🔥 fuego
        🌈 arcoiris
        ☀️ sol
        ⛅ nublado
        ☁️ nube
        🌧️ lluvia
        ⛈️ tormenta
        ❄️ nieve
        ☔ paraguas
        💧 gota
        🌊 mar,ola
        🍎 manzana
        🍌 platano,banana
        🍇 uvas
        🍉 sandia
        🍊 mandarina
        🍋 limon
        🍍 pina
        🥭 mango
        🍓 fresa
        🥑 aguacate
        🍅 tomate
        🥕 zanahoria
        🌽 maiz
        🍞 pan
        🧀 queso
        🥚 huevo
        🍔 hamburguesa
        🍟 papas_fritas,patatas_fritas
        🍕 pizza
        🌭 perrito_caliente
        🥪 sandwich,bocadillo
        🌮 taco
        🍝 pasta
        🍣 sushi
        🍿 palomitas
        🍦 helado
        🍩 donut,rosquilla
        🍪 galleta
        🎂 cumpleanos,pastel
        🍰 porcion
        🍫 chocolate
        🍬 caramelo
        🍯 miel
        ☕ cafe
        🍵 te
        🧉 mate
        🥤 refresco
        🍺 cerveza
        🍻 cervezas
        🥂 brindis,salud
        🍷 vino
        🍹 coctel
        🍽️ comida
        ⚽ futbol,pelota
        🏀 baloncesto
        🏐 voleibol
        🎾 tenis
        🏆 trofeo
        🥇 oro
        🎮 juego
        🎲 dado
        🎯 diana,blanco
        🎵 nota,musica
        🎶 notas
        🎤 microfono
        🎧 auriculares
        🎸 guitarra
        🥁 tambor
        🎬 pelicula,cine
        🎨 arte
        🎉 celebrar
        🎊 confeti
        🎈 globo
        🎁 regalo
        🎄 navidad
        🎃 calabaza
        🎆 fuegos_artificiales
        🚗 coche,carro
        🚕 taxi
        🚌 autobus
        🚲 bicicleta
        🏍️ moto
        🚆 tren
        🚇 metro
        ✈️ avion
        🚀 cohete
        🚢 barco
        🚧 obras
        🚨 alerta,sirena
        🏠 casa
        🏢 oficina
        🏥 hospital
        🏖️ playa
        🏕️ campamento
        🗺️ mapa
        ⌚ reloj
        📱 movil,celular
        💻 portatil,ordenador
        ⌨️ teclado
        🖥️ monitor
        🖨️ impresora
        💾 guardar
        📷 camara
        📺 television
        📞 telefono
        🔋 bateria
        💡 idea,bombilla
        🔦 linterna
        💰 dinero
        💳 tarjeta
        ✉️ carta
        📧 correo
        📦 paquete
        📝 nota_escrita
        📅 calendario
        📌 chincheta
        📎 clip
        ✂️ tijeras
        🔒 candado
        🔑 llave
        🔨 martillo
        🔧 llave_inglesa
        ⚙️ engranaje
        🐛 bicho
        🧪 prueba
        🔬 microscopio
        💊 pastilla
        🩹 tirita
        🚪 puerta
        🛏️ cama
        🛒 carrito
        🎓 graduacion
        📚 libros
        📖 libro
        📈 grafico_subiendo
        📉 grafico_bajando
        🔍 buscar,lupa
        🔗 enlace
        ⏰ despertador
        ⏳ esperando,reloj_de_arena
        🕐 hora
        ✅ correcto,hecho
        ☑️ marcado
        ✔️ visto
        ❌ error,equis
        ❗ exclamacion
        ❓ pregunta
        ⚠️ aviso,cuidado
        🚫 prohibido
        ⛔ prohibido_el_paso
        ♻️ reciclar
        ➕ mas
        ➖ menos
        ➡️ flecha_derecha
        ⬅️ flecha_izquierda
        ⬆️ flecha_arriba
        ⬇️ flecha_abajo
        🔄 actualizar
        🆗 boton_ok
        🆕 nuevo
        🆘 socorro
        🔔 campana
        🔇 mudo
        💬 hablar
        💭 pensamiento
        🔴 rojo
        🟠 naranja
        🟡 amarillo
        🟢 verde
        🔵 azul
        🟣 morado
        ⚫ negro
        ⚪ color_blanco
        🏁 meta
        🚩 bandera
        🏳️‍🌈 orgullo
        🇧🇷 brasil
        🇵🇹 portugal
        🇺🇸 eeuu
        🇬🇧 reino_unido
        🇦🇷 argentina
        🇪🇸 espana
        🇫🇷 francia
        🇩🇪 alemania
        🇮🇹 italia
        🇯🇵 japon
        """
    }
}

/// What the command line says.
struct SpanishCommands: CommandCatalogue {
    var trustAdvice: String?

    var language: Language { .spanish }

    // MARK: Accounts

    func signedIn(as who: CleanLine, on server: ServerURL) -> String {
        "Has iniciado sesión como \(who) en \(server)"
    }
    func registered(_ who: CleanLine, on server: ServerURL) -> String {
        "Cuenta creada y sesión iniciada: \(who) en \(server)"
    }
    func expires(_ when: String) -> String { "La sesión vale hasta \(when)" }
    func signedOut(unsent: Int) -> String {
        guard unsent > 0 else { return "Sesión cerrada" }
        return "Sesión cerrada; \(unsent == 1 ? "1 mensaje sigue" : "\(unsent) mensajes siguen") en cola"
    }
    var serverNotTold: String {
        "no se pudo avisar al servidor; allí la sesión vale hasta que caduque o se cierre desde otro lugar"
    }
    var currentSession: String { "esta" }
    func lastSeen(_ when: String) -> String { "vista el \(when)" }
    var sessionEnded: String { "Se cerró la sesión" }
    func sessionsEnded(_ count: Int) -> String {
        count == 1 ? "Se cerró 1 sesión más" : "Se cerraron \(count) sesiones más"
    }
    var noSessions: String { "el servidor no conoce sesiones" }
    var wasSignedOut: String { "No había ninguna sesión iniciada" }
    var notSignedIn: String { "no has iniciado sesión" }
    var signInAdvice: String { "Inicia sesión con: mychat login" }
    var askName: String { "Nombre: " }
    var askPassword: String { "Contraseña: " }
    var askPasswordAgain: String { "Contraseña otra vez: " }
    var passwordsDiffer: String { "las dos contraseñas son distintas" }
    func noTerminalToAsk(_ what: String) -> String { "no hay ningún terminal en el que preguntar \(what)" }
    var passwordWord: String { "la contraseña" }
    var emailWord: String { "el correo" }
    var nameWord: String { "el nombre" }
    var passwordAdvice: String { "Indícala con --password-stdin" }
    var noAnswer: String { "no hubo respuesta" }
    func commandFailed(_ name: String, _ reason: String) -> String { "\(name) falló: \(reason)" }

    // MARK: Recipients

    func didYouMean(_ names: [CleanLine]) -> String {
        "¿Querías decir \(names.map { "'\($0)'" }.joined(separator: " o "))?"
    }
    func ambiguousRecipient(_ who: CleanLine, _ people: [CleanLine]) -> String {
        "'\(who)' puede ser \(people.map(\.text).joined(separator: " o "))"
    }
    func unknownRecipient(_ who: CleanLine) -> String { "no se conoce a nadie como '\(who)'" }
    var findAdvice: String { "Busca personas con: mychat contacts find NOMBRE" }
    var ambiguousAdvice: String { "Usa el correo o el id" }

    // MARK: Messages

    func noText(_ argument: CleanLine) -> String { "'\(argument)' no es UTF-8" }
    func former(_ reason: FormerServerReason, messages: Int, held: Int) -> String {
        let why =
            switch reason {
            case .otherDatabase: "el servidor tiene otra base de datos"
            case .otherAccount: "la cuenta es otra"
            case .wentBack: "el servidor ha perdido mensajes"
            case .otherMessages: "los mensajes del servidor son otros"
            }
        let here = messages == 1 ? "1 mensaje de aquí es" : "\(messages) mensajes de aquí son"
        let waiting = held == 1 ? "1 espera" : "\(held) esperan"
        return "\(why): \(here) del servidor anterior, \(waiting) tu decisión"
    }
    func sent(to name: CleanLine, id: MessageID) -> String { "Enviado a \(name) (mensaje \(id))" }
    func queued(for name: CleanLine) -> String { "En cola para \(name)" }
    var notConfirmed: String {
        "aún sin confirmar; el mensaje queda en la bandeja de salida y sale con la próxima conexión: no lo envíes otra vez"
    }
    var confirmationTimedOut: String {
        "el servidor no confirmó a tiempo; el mensaje queda en la bandeja de salida: no lo envíes otra vez"
    }
    func refusedMessage(_ reason: CleanLine) -> String { "el servidor rechazó el mensaje: \(reason)" }
    var heldMessage: String { "el mensaje está retenido: abre mychat para enviarlo, editarlo o descartarlo" }
    var discardedMessage: String { "el mensaje se retiró" }
    var notText: String { "el texto no es UTF-8" }
    var messageNotText: String { "no enviado: no es UTF-8" }
    func inputTooLong(limit: Int) -> String { "la entrada tiene más de \(limit) bytes" }
    var me: String { "tú" }
    func emptyHistory(_ name: CleanLine) -> String { "Aún no hay mensajes con \(name)" }
    var gap: String { "… aquí pueden faltar mensajes …" }
    func former(_ name: String?) -> String {
        guard let name else { return "— en el servidor actual —" }
        return "— con \(name), en el servidor anterior —"
    }
    var tokenOfAnother: String { "en el servidor la cuenta es ahora de otra persona; no se envió nada" }
    func held(_ reason: HeldReason?) -> String? {
        switch reason {
        case nil: nil
        case .formerServer: "escrito para el servidor anterior"
        case .goneFromServer: "el servidor lo tenía y lo ha perdido"
        }
    }
    var cachedOnly: String { "no está al día: se muestra lo que hay en la caché" }
    func state(_ state: RowState) -> String {
        switch state {
        case .received: ""
        case .queued: "en cola"
        case .sending: "enviando"
        case .unknown: "sin confirmar"
        case .sent: "enviado"
        case .delivered: "entregado"
        case .read: "leído"
        case .failed: "rechazado"
        case .held: "retenido"
        }
    }
    var toldLater: String { "hecho aquí; el servidor lo sabrá más tarde" }
    var nothingUnread: String { "Nada por leer" }
    func markedRead(_ count: Int, _ name: CleanLine) -> String {
        switch count {
        case ...0: "Nada por leer de \(name)"
        case 1: "1 mensaje de \(name) marcado como leído"
        default: "\(count) mensajes de \(name) marcados como leídos"
        }
    }

    // MARK: Searching

    var nothingFound: String { "No se encontró nada" }
    func unsearched(_ count: Int) -> String {
        count == 1
            ? "1 mensaje aún no está indexado y no se buscó en él"
            : "\(count) mensajes aún no están indexados y no se buscó en ellos"
    }

    // MARK: Watching

    var deletedWord: String { "borrado" }
    func typing(_ name: String, _ isTyping: Bool) -> String {
        isTyping ? "\(name) está escribiendo…" : "\(name) dejó de escribir"
    }
    func words(_ presence: Presence) -> String {
        switch presence {
        case .online: "en línea"
        case .offline: "desconectado"
        case .unknown: "presencia desconocida"
        }
    }

    // MARK: The outbox

    func cancelled(_ name: CleanLine, _ excerpt: String) -> String { "Retirado, para \(name): \(excerpt)" }
    var outboxEmpty: String { "Todo enviado" }
    func noLetter(_ id: CleanLine) -> String { "ningún mensaje sin enviar empieza por '\(id)'" }
    func severalLetters(_ id: CleanLine) -> String { "varios mensajes sin enviar empiezan por '\(id)'" }
    var outboxAdvice: String { "Mira: mychat outbox list" }

    // MARK: Status and contacts

    func cacheContents(_ report: CacheReport, size: String) -> String {
        "\(report.messages) mensajes en \(report.conversations) conversaciones, \(report.unsent) sin enviar, "
            + "\(report.drafts) borradores, \(size)"
    }
    func cacheCompacted(_ before: String, _ after: String) -> String { "\(before) antes, \(after) ahora" }
    var serverWord: String { "Servidor" }
    var accountWord: String { "Cuenta" }
    var profileWord: String { "Perfil" }
    var outboxWord: String { "Bandeja de salida" }
    var unreadWord: String { "No leídos" }
    var linkWord: String { "Conexión" }
    var extensionsWord: String { "Extensiones" }
    var noAccount: String { "ninguna" }
    var reachable: String { "accesible" }
    var notAsked: String { "no consultado" }
    var none: String { "ninguna" }
    func outbox(_ summary: OutboxSummary) -> String {
        let unsent = "\(summary.unsent) sin enviar"
        let waits = summary.waiting == 1 ? "espera" : "esperan"
        return summary.waiting > 0 ? "\(unsent), \(summary.waiting) \(waits) tu decisión" : unsent
    }
    func unread(_ count: Int, in conversations: Int) -> String {
        guard count > 0 else { return "0" }
        return "\(count) en \(conversations) \(conversations == 1 ? "conversación" : "conversaciones")"
    }
    func contactAdded(_ name: CleanLine) -> String { "\(name) ya está en tus contactos" }
    var cacheSound: String { "La caché está en buen estado." }
    func cacheWasSetAside(_ path: CleanLine, _ rescued: Int) -> String {
        "la caché no se podía usar y se apartó: \(path). Mensajes no enviados rescatados: \(rescued)."
    }
    func cacheSetAside(_ path: String) -> String {
        "Una caché anterior no se podía usar y se apartó con todo lo que contiene: \(path)"
    }
    var cacheUnsound: String {
        "la caché está dañada; antes de nada conviene guardar una copia de su directorio"
    }
    func cacheForgotten(_ count: Int) -> String {
        count == 1 ? "1 mensaje eliminado de esta máquina" : "\(count) mensajes eliminados de esta máquina"
    }
    func contactRenamed(_ old: CleanLine, _ new: CleanLine) -> String { "\(old) se llama ahora \(new)" }
    func contactRemoved(_ name: CleanLine) -> String { "\(name) ya no está en tus contactos" }

    // MARK: Deleting

    func askDeletion(of text: String) -> String { "¿Borrar para ambas partes: \(text)? [s/N] " }
    var deletionWord: String { "si se debe borrar" }
    var deletionAdvice: String { "Usa --yes" }
    var notDeleted: String { "no se borró nada" }
    func deleted(_ count: Int) -> String {
        count == 1
            ? "1 mensaje borrado para ambas partes" : "\(count) mensajes borrados para ambas partes"
    }
    func conversationDeleted(_ name: CleanLine) -> String {
        "La conversación con \(name) se borró para ambas partes"
    }
    func wholeConversation(_ name: CleanLine) -> String { "toda la conversación con \(name)" }
    func unknownMessage(_ id: String) -> String { "no hay ningún mensaje \(id) en la caché" }
    func contactQueued(_ name: CleanLine) -> String {
        "\(name) se agregará cuando se pueda alcanzar el servidor"
    }
    var noContacts: String { "Aún no hay contactos" }
    var nobodyFound: String { "No se encontró a nadie" }

    // MARK: Failures

    func serverSays(_ message: CleanLine) -> String { "el servidor dice: \(message)" }
    func serverUnavailable(_ status: Int) -> String {
        "el servidor no puede responder ahora (HTTP \(status))"
    }
    var tryLater: String { "Inténtalo más tarde" }
    func unexpectedAnswer(_ detail: CleanLine) -> String {
        "la respuesta del servidor no es de MyChat: \(detail)"
    }
    var isItMyChat: String { "¿La dirección es la de un servidor MyChat?" }
    var noAnswerInTime: String { "el servidor no respondió a tiempo" }
    func cacheFailed(_ error: String) -> String { "falló la caché: \(error)" }
    func invalid(_ request: InvalidRequest) -> String {
        switch request {
        case .emptyMessage: "un mensaje vacío no se envía"
        case .outboxFull(let limit):
            "la bandeja de salida está llena: \(limit) mensajes esperan para enviarse"
        case .messageTooLong(let length, let limit):
            "el mensaje tiene \(length) caracteres; el máximo es \(limit)"
        case .ownAccount: "esa persona eres tú"
        case .unknownMessage: "ese mensaje no existe"
        case .alreadyOnItsWay: "ese mensaje ya está en camino"
        case .notDeletable: "solo se pueden borrar mensajes propios"
        case .ofAnotherAccount: "ese mensaje lo escribió otra cuenta"
        case .forSomebodyElse: "no se sabe si la persona es aquella para quien se escribió"
        case .gapOutOfReach: "el servidor no da mensajes más antiguos"
        case .emptyName: "falta un nombre"
        case .malformedToken: "esto no es un token"
        case .queryTooShort: "al menos dos caracteres"
        }
    }
    var outboxFullAdvice: String {
        "Lo que espera está a salvo; este mensaje no entró. Mira 'mychat outbox list'."
    }
    var forSomebodyElseAdvice: String {
        "Se escribió para el servidor anterior. Si es la misma persona, agrégala con 'mychat contacts add'."
    }
    func network(_ error: NetError) -> String {
        switch error {
        case .hostNotFound(let host): "no existe ningún servidor llamado \(host)"
        case .resolverFailed(let host, let reason): "no se pudo buscar \(host): \(reason)"
        case .refused(let endpoint): "\(endpoint) rechazó la conexión"
        case .unreachable(let endpoint, let reason): "no se pudo alcanzar \(endpoint): \(reason)"
        case .timeout(_, let endpoint): "\(endpoint) no respondió a tiempo"
        case .tls(let failure, let endpoint): "sin conexión segura con \(endpoint): \(screen.tls(failure))"
        case .proxy(.credentialsRequired, let proxy): "el proxy \(proxy) pide usuario y contraseña"
        case .proxy(.credentialsRefused, let proxy): "el proxy \(proxy) no acepta el usuario y la contraseña"
        case .proxy(.unreachable, let proxy): "no se pudo alcanzar el proxy \(proxy)"
        case .proxy(.refused(let status), let proxy):
            "el proxy \(proxy) rechazó la conexión con el estado HTTP \(status)"
        case .proxy(.unusable(let error), let proxy):
            "el proxy \(proxy.replacing("of the variable", with: "de la variable")) no sirve: \(error)"
        case .proxy(_, let proxy): "el proxy \(proxy) no dio acceso al servidor"
        case .closed(let endpoint): "\(endpoint) cerró la conexión"
        case .sendBufferFull(_, let endpoint): "\(endpoint) no acepta más datos ahora"
        case .invalidRequest: "la petición tiene un carácter que no se puede enviar"
        case .invalidResponse(_, let endpoint): "la respuesta de \(endpoint) no es HTTP válido"
        case .redirectRefused(let location): "el servidor envía la petición a otro lugar: \(location)"
        case .tooManyRedirects(let limit): "el servidor redirigió más de \(limit) veces"
        case .webSocketRefused(let status, let endpoint):
            "\(endpoint) rechazó la conexión en tiempo real con el estado HTTP \(status)"
        case .webSocketHandshake(_, let endpoint), .webSocket(_, let endpoint):
            "falló la conexión en tiempo real con \(endpoint)"
        case .localResources(let reason): "esta máquina no puede abrir una conexión: \(reason)"
        case .cancelled: "cancelado"
        }
    }
    func networkAdvice(_ error: NetError) -> String? {
        switch error {
        case .hostNotFound: "Comprueba el nombre del servidor."
        case .resolverFailed, .unreachable: "Comprueba la conexión de red."
        case .refused: "Comprueba que el servidor está en marcha y que el puerto es el correcto."
        case .proxy(.credentialsRequired, _), .proxy(.credentialsRefused, _):
            "Ponlos en la dirección del proxy: http://USUARIO:CONTRASEÑA@HOST:PUERTO"
        case .proxy: "Comprueba el proxy de la configuración o del entorno."
        case .redirectRefused(let location): "Si es ese el servidor, usa la dirección \(location)"
        case .tls(let failure, _): screen.tlsAdvice(failure)
        default: nil
        }
    }
    func staleTrust(_ name: String, _ path: CleanLine) -> String {
        "\(name) indica '\(path)', que no se puede leer."
    }
    var notConnected: String { "sin conexión" }
    var linkSilent: String { "el servidor quedó en silencio" }
    var linkEnded: String { "el servidor cerró la conexión" }
    func protocolBroken(_ detail: CleanLine) -> String { "el servidor incumplió el protocolo: \(detail)" }
    func turnedDown(_ message: CleanLine) -> String { "el servidor rechazó la conexión: \(message)" }
    func offline(_ reason: String) -> String { "sin conexión: \(reason)" }
    var connecting: String { "conectando" }
    var online: String { "en línea" }
    var inUseElsewhere: String { "en uso en otro lugar" }
    var accountRefused: String { "el servidor rechaza la cuenta" }
    func tooFewFiles(_ limit: Int) -> String {
        "este programa puede tener \(limit) archivos abiertos, y son muy pocos"
    }
    var tooFewFilesAdvice: String { "Aumenta el límite: ulimit -n 256" }
    var homeUnnamed: String { "no hay directorio personal" }
    func homeAbsent(_ path: CleanLine) -> String { "el directorio personal '\(path)' no existe" }
    var homeAdvice: String { "Define HOME, o XDG_DATA_HOME y XDG_STATE_HOME." }
    func outputFailed(_ reason: CleanLine) -> String {
        "no se pudo escribir en la salida estándar: \(reason)"
    }

    // MARK: mychat doctor

    var clockWord: String { "reloj" }
    var signInWord: String { "sesión" }
    var linkExaminedWord: String { "conexión" }
    func certificate(for names: CleanLine, by issuer: CleanLine, until end: CleanLine) -> String {
        "certificado para \(names) de \(issuer) hasta el \(end)"
    }
    func heartbeat(_ seconds: Int64) -> String { "se abre; una señal de vida cada \(seconds) s" }
    func examined(_ server: ServerURL) -> String { "Examinando \(server)" }
    var notLookedAt: String { "no examinado" }
    var connected: String { "conectado" }
    var proxyLooksUp: String { "a cargo del proxy" }
    func throughProxy(_ proxy: String) -> String { "a través del proxy \(proxy)" }
    var noTLSNeeded: String { "no hace falta en esta máquina" }
    var noTLS: String { "no se usa: contraseñas y mensajes se pueden leer por el camino" }
    var noDate: String { "el servidor no dice la hora" }
    func clockDifference(seconds: Int64) -> String {
        switch seconds {
        case 0: "como aquí"
        case 1...: "el del servidor va \(seconds) s adelantado"
        default: "el del servidor va \(-seconds) s atrasado"
        }
    }
    func holderIsStopped(_ process: Int32) -> String {
        "otro programa (proceso \(process)) tiene la conexión y está detenido: no se envía nada"
    }
    func holderAdvice(_ process: Int32) -> String {
        "Reanúdalo con 'fg' o 'kill -CONT \(process)', o ciérralo."
    }
    var accepted: String { "aceptada" }

    // MARK: Push

    var pushSent: String { "Notificación enviada" }
    var pushesEnded: String { "Suscripción terminada" }
    var noPushes: String { "No había ninguna suscripción de esta máquina" }
    var listening: String { "Esperando notificaciones; termina con Ctrl-C" }
    func noNotification(_ reason: String) -> String { "no se mostró la notificación: \(reason)" }
    func pushRejected(_ reason: String) -> String { "se rechazó una petición: \(reason)" }

    // MARK: mychat script

    var noScenario: String { "No se encontró ningún escenario" }
    func scenariosChecked(_ number: Int) -> String {
        "\(number) \(number == 1 ? "escenario" : "escenarios"), ningún error"
    }
    func fileIsNoText(_ name: CleanLine) -> String { "\(name) no es un texto en UTF-8" }
    func noBaseURL(_ reason: CleanLine) -> String { "--base-url no es una dirección: \(reason)" }
    func noAccounts(_ reason: String) -> String { "No se pueden usar las cuentas: \(reason)" }

    // MARK: mychat demo

    func notSeen(_ what: String) -> String { "no visto a tiempo: \(what)" }
    func noServerProgram(_ name: CleanLine) -> String { "no se encuentra el programa del servidor '\(name)'" }
    var serverProgramAdvice: String { "Pon mychat-server junto a mychat, o indícalo en MYCHAT_SERVER" }
    func serverNotStarted(_ words: String) -> String { "el servidor no arrancó: \(words)" }
    var serverTooSlow: String { "el servidor no estuvo listo a tiempo" }
    func serverSaidOther(_ detail: CleanLine) -> String { "el servidor dijo algo inesperado: \(detail)" }
    var demoTitle: String { "MyChat, una demostración" }
    func demoServer(_ server: ServerURL, _ who: CleanLine) -> String {
        "servidor \(server), cuenta de \(who)"
    }
    func conversation(with name: CleanLine) -> String { "Conversación con \(name)" }
    func isOnline(_ name: CleanLine) -> String { "\(name) está en línea" }
    func isOffline(_ name: CleanLine) -> String { "\(name) se ha desconectado" }
    func demoUnread(_ number: Int) -> String { number == 1 ? "1 no leído" : "\(number) no leídos" }
    var demoFinished: String { "Eso fue todo. En un terminal, 'mychat demo' abre el propio cliente." }
    var newcomerGreets: String { "¡Hola, Bia! ¿Qué tal? 👋" }
    var newcomerWaits: String { "Sin prisa, aquí estoy." }

    // MARK: Help

    func help(_ text: HelpText) -> String {
        switch text {
        case .cache: "Cuida de los mensajes que guarda esta máquina."
        case .cacheDetails:
            "No se consulta ningún servidor, y otros programas pueden usar la cuenta mientras tanto."
        case .cacheCheck: "Examina la caché y dice qué contiene."
        case .cacheCompact: "Reduce la caché al mínimo espacio."
        case .cacheCompactDetails: "Hasta terminar necesita tanto espacio libre como ocupa la caché."
        case .cacheForget: "Elimina mensajes de esta máquina, no del servidor."
        case .cacheForgetDetails:
            "Los mensajes no enviados o no leídos y los borradores se quedan. Lo que se elimina se "
                + "sobrescribe en el disco. Si el servidor da páginas antiguas, al retroceder se vuelve a "
                + "traer."
        case .cacheForgetAge: "Solo mensajes más antiguos que esto, como 90d."
        case .cacheExport: "Escribe los mensajes de una conversación, o de todas."
        case .cacheExportFormat: "jsonl, markdown o text."
        case .cacheExportFile: "El archivo que se escribe; la salida estándar con '-' o sin él."
        case .completions: "Imprime los autocompletados para un shell."
        case .completionsDetails:
            "Para bash: source <(mychat completions bash). Conocen comandos, opciones y tus "
                + "contactos, y no consultan ningún servidor."
        case .completionsShell: "bash, zsh o fish."
        case .contacts: "Lista contactos; busca, agrega, renombra y quita personas."
        case .contactsList: "Lista los contactos, primero la conversación más reciente."
        case .offline: "Muestra lo que tiene la caché, sin consultar el servidor."
        case .contactsAdd: "Pone a una persona entre los contactos."
        case .contactsAddWho: "El correo, el id o el nombre completo de la persona."
        case .contactsAddName: "Cómo llamarla; si no, su propio nombre."
        case .contactsRename: "Da otro nombre a un contacto; solo lo ves tú."
        case .contactsRenameName: "El nombre nuevo."
        case .contactsRemove: "Quita a alguien de los contactos; los mensajes se quedan."
        case .contactsFind: "Busca personas en el servidor por nombre o correo."
        case .contactsFindQuery: "Una parte del nombre o del correo, al menos dos caracteres."
        case .delete: "Borra mensajes propios, o una conversación entera, para ambas partes."
        case .deleteDetails:
            "Pregunta antes, salvo con --yes. Un borrado hecho sin el servidor vale aquí de "
                + "inmediato, y allí con la próxima conexión."
        case .deleteIDs: "Los ids de mensajes propios, como los muestran 'history --json' y 'send'."
        case .deleteConversation: "La conversación entera con esta persona."
        case .deleteYes: "No preguntar."
        case .demo: "Prueba el cliente en un servidor que dura lo que la demostración."
        case .demoDetails:
            "Todo queda en un directorio temporal que desaparece al final. Sin terminal, la escena "
                + "transcurre sola y se imprime."
        case .demoPrint: "Imprime la escena en vez de abrir el cliente."
        case .server: "La dirección del servidor."
        case .profile: "Usa la cuenta y la caché de este nombre."
        case .configurationFile: "Lee este archivo de configuración en vez del habitual."
        case .colour: "Usa colores: auto, always o never."
        case .authorityFile: "Confía también en las autoridades certificadoras de este archivo PEM."
        case .logLevel: "Qué va al archivo de registro: trace, debug, info, notice, warning."
        case .plain: "Conversa línea a línea: para lectores de pantalla y terminales sencillos."
        case .json: "Imprime un objeto JSON en vez de texto."
        case .history: "Imprime los mensajes más recientes de una conversación, primero el más antiguo."
        case .historyDetails:
            "Primero se traen las novedades del servidor, si se puede alcanzar. En servidores sin "
                + "las extensiones de MyChat, traerlas marca la conversación como leída; --offline no "
                + "consulta a nadie."
        case .limit: "Cuántos mensajes imprimir."
        case .keys: "Muestra qué envía el terminal por una tecla, y qué hace la tecla."
        case .keysDetails:
            "Pulsa teclas; Ctrl-C termina. Con --list, cada comando y sus teclas se imprimen como "
                + "pueden figurar en el archivo de configuración."
        case .keysList: "Imprime las teclas de todos los comandos."
        case .login: "Inicia sesión y guarda el token."
        case .loginDetails:
            "La contraseña se pide en el terminal, o viene de password_command del archivo de "
                + "configuración. El servidor se recuerda: los siguientes comandos no necesitan --server."
        case .loginEmail: "El correo de la cuenta."
        case .passwordStdin: "Lee la contraseña de la primera línea de la entrada estándar."
        case .logout: "Olvida el token. La caché y los mensajes no enviados se quedan."
        case .mychat: "Conversa en un servidor MyChat."
        case .mychatDetails:
            "Sin comando, se abre el cliente de pantalla completa. 'man mychat' describe el archivo "
                + "de configuración, los objetos JSON y el código de salida."
        case .outbox: "Muestra, reenvía o retira lo que no se ha enviado."
        case .outboxList: "Lista los mensajes no enviados, en el orden en que se escribieron."
        case .outboxRetry: "Envía ahora los mensajes no enviados, también los rechazados o retenidos."
        case .outboxRetryDetails:
            "Cada uno sale con la identidad con que se escribió, así que ninguno llega dos veces. "
                + "Los rechazados o retenidos van detrás de lo escrito después."
        case .outboxCancel: "Retira mensajes no enviados; sus textos se pierden."
        case .outboxCancelDetails:
            "Uno que ya está en camino se borra en el servidor en cuanto este lo tiene."
        case .queue: "Termina bien también cuando el servidor solo podrá saberlo después."
        case .timeout: "Cuánto tiempo esperar al servidor."
        case .push: "Recibe notificaciones de un servidor en esta máquina."
        case .pushListen: "Se suscribe a Web Push e imprime lo que llega, hasta una señal."
        case .pushListenDetails:
            "El endpoint está en la dirección de loopback de esta máquina, así que el servidor debe "
                + "ejecutarse aquí también y permitirlo: mychat-server --push-allow-private. Un servidor "
                + "notifica a quien no está conectado."
        case .pushCommand:
            "Ejecuta este comando del shell para cada una, con título y texto como argumentos."
        case .pushDesktop: "Muestra cada una en el escritorio, con notify-send."
        case .pushCount: "Termina después de tantas."
        case .pushTest: "Hace que el servidor envíe una notificación a tus suscripciones."
        case .pushUnsubscribe: "Termina una suscripción que 'push listen' dejó atrás."
        case .read: "Marca una conversación como leída y avisa a la otra parte."
        case .readDetails:
            "Primero se trae lo que tiene el servidor, para marcarlo todo. Sin el servidor, la marca "
                + "se guarda y se comunica con la próxima conexión."
        case .register: "Crea una cuenta e inicia sesión en ella."
        case .registerEmail: "El correo con el que iniciar sesión de ahora en adelante."
        case .registerName: "El nombre que ven los demás."
        case .registerInvitation: "El código de una invitación, si el servidor lo pide."
        case .script: "Ejecuta escenarios contra un servidor e informa de lo que difiere."
        case .scriptDetails:
            "mychat-script(5) describe el lenguaje. En servidores que no están en esta máquina, solo "
                + "se registra gente con --allow-register, y solo se borra con --allow-destructive."
        case .scriptFiles: "Escenarios, o directorios con archivos que terminan en .scenario."
        case .scriptBaseURL: "El servidor; si no, el de los demás comandos."
        case .scriptAccounts: "Usa estas cuentas existentes (JSON) antes de registrar otras."
        case .scriptTag: "Solo escenarios con una de estas etiquetas."
        case .scriptWithoutTag: "Ningún escenario con una de estas etiquetas."
        case .scriptVariable: "Una variable para los escenarios; nunca se imprime."
        case .scriptTimeout: "Cuánto espera un paso."
        case .scriptJobs: "Cuántos escenarios se ejecutan a la vez."
        case .scriptKeepGoing: "Sigue después de que falle un escenario."
        case .scriptTrace:
            "Escribe en este archivo todo lo que pasa por la red, con los secretos ocultos."
        case .scriptReport: "text, tap, junit o compat."
        case .scriptAllowRegister: "Registra gente también en servidores de otras máquinas."
        case .scriptAllowDestructive:
            "Borra lo que crean los escenarios, y lo que piden, también en servidores de otras máquinas."
        case .scriptList: "Imprime lo que se ejecutaría, y termina."
        case .scriptCheck: "Busca errores en los archivos, y termina."
        case .search: "Busca en los mensajes de la caché, primero el más reciente."
        case .searchDetails:
            "Deben aparecer todas las palabras; la última puede ser el comienzo de una. Mayúsculas y "
                + "acentos no cuentan. Las palabras entre comillas deben ir seguidas: '\"buenos días\"'. No "
                + "se consulta ningún servidor."
        case .searchQuery: "Qué buscar."
        case .onlyWith: "Solo en la conversación con esta persona."
        case .searchBest: "Primero los mejores resultados, de los 1.000 más recientes."
        case .sessions: "Muestra dónde está abierta la cuenta, y la cierra allí."
        case .sessionsList: "Lista las sesiones, primero la usada por última vez."
        case .sessionsEnd: "Cierra una sesión: quien la usa debe iniciar sesión de nuevo."
        case .sessionsEndID: "El número de la sesión, de la lista."
        case .sessionsEndOthers: "Cierra todas las sesiones menos esta."
        case .send: "Envía un mensaje y espera la respuesta del servidor."
        case .sendDetails:
            "El mensaje está en la bandeja de salida, en el disco, antes de que nada pase por la "
                + "red. Si no se puede alcanzar el servidor, se queda ahí y sale con la próxima conexión."
        case .sendText:
            "El texto; '-' o nada lo lee de la entrada estándar, sin el último salto de línea."
        case .sendQueue: "Termina bien también cuando el mensaje solo pudo quedar en cola."
        case .status: "Dice quién tiene sesión y dónde, qué no se ha leído y qué no se ha enviado."
        case .statusDetails:
            "El código de salida es el de la respuesta del servidor, cuando se le consulta."
        case .statusOffline: "No preguntar al servidor si está ahí."
        case .unread: "Dice qué no se ha leído."
        case .unreadDetails:
            "La respuesta viene de la caché al instante, como en la última conexión: sirve para un "
                + "prompt o una barra de estado. Con --refresh se consulta antes el servidor. Nada se "
                + "marca como leído."
        case .unreadRefresh: "Consulta antes el servidor."
        case .letterID: "El comienzo del temp_id de un mensaje, como lo muestra 'outbox list'."
        case .allLetters: "Todos los mensajes de la bandeja de salida."
        case .watch: "Imprime lo que ocurre según ocurre, hasta una señal."
        case .watchDetails:
            "Con --json cada evento es un objeto en una línea. Lo que llegó sin conexión se cuenta "
                + "cuando vuelve, cada mensaje una vez. Los mensajes no enviados salen mientras tanto, y "
                + "otros comandos usan la conexión de este."
        case .watchWith: "Solo la conversación con esta persona."
        case .watchCount: "Termina después de tantos mensajes de otros."
        case .watchRead: "Marca como leído lo que se imprime."
        case .whoami: "Dice quién tiene la sesión, sin consultar el servidor."
        case .doctor: "Averigua qué falla entre esta máquina y el servidor."
        case .who: "El correo, el id o el nombre de la persona."
        case .doctorDetails:
            "Mira la caché, el servicio de nombres, TCP, TLS, HTTP, la API, los dos transportes en tiempo real, la sesión "
                + "y la conexión, con el tiempo de cada uno. El código de salida es el del primero que falla. No se envía nada "
                + "a nadie, ni se marca nada como leído."
        case .language(let list): "El idioma de la salida: \(list)."
        case .watchKinds(let list): "Solo eventos de este tipo; se puede repetir: \(list)."
        }
    }
    func word(for value: ValueName) -> String {
        switch value {
        case .age: "edad"
        case .assignment: "nombre=valor"
        case .code: "código"
        case .command: "comando"
        case .count: "número"
        case .duration: "duración"
        case .email: "correo"
        case .file: "archivo"
        case .format: "formato"
        case .ids: "ids"
        case .kind: "tipo"
        case .language: "idioma"
        case .level: "nivel"
        case .name: "nombre"
        case .number: "número"
        case .shell: "shell"
        case .subcommand: "subcomando"
        case .tag: "etiqueta"
        case .text: "texto"
        case .url: "url"
        case .when: "cuándo"
        case .who: "quién"
        case .words: "palabras"
        }
    }

    var parserWords: ParserWords {
        ParserWords(
            overview: "DESCRIPCIÓN", usage: "USO", arguments: "ARGUMENTOS", options: "OPCIONES",
            subcommands: "SUBCOMANDOS", defaultValue: "por defecto", values: "valores",
            showHelp: "Mostrar esta ayuda.", showVersion: "Mostrar la versión.",
            seeHelp: "Mira '%' para la ayuda de cada uno.", nearest: "¿Querías decir: %?",
            see: "Mira")
    }
    func words(for mistake: ParserMistake) -> String {
        switch mistake {
        case .unknownOption(let name): "Opción desconocida: '\(name)'"
        case .missingArgument(let name): "Falta el argumento '\(name)'"
        case .missingValue(let name): "Falta el valor de '\(name)'"
        case .unexpectedArgument(let text): "Argumento inesperado: '\(text)'"
        case .unexpectedArguments(let texts): "Argumentos inesperados: \(texts)"
        case .invalidValue(let text, let name): "El valor '\(text)' no sirve para '\(name)'"
        case .noneOf(let text, let choices): "'\(text)' no es ninguno de estos: \(choices)"
        case .notInRange(let option, let first, let last):
            "\(option) lleva un número \(last.map { "del \(first) al \($0)" } ?? "desde \(first)")"
        case .notBoth(let one, let other): "Usa \(one) o \(other), no ambos"
        case .nothingToForget:
            "Di de quién son los mensajes que se olvidan, o desde qué antigüedad (--older-than)"
        case .noneToDelete: "Indica los ids de los mensajes, o --conversation QUIÉN"
        case .noneChosen: "Indica los ids de los mensajes, o --all"
        case .noFiles: "Indica un archivo o un directorio"
        case .setNeedsValue: "--set lleva nombre=valor"
        case .other(let words): words
        }
    }
}

/// What the partner in `mychat demo` writes.
struct SpanishPartner: PartnerCatalogue {
    func text(_ line: PartnerLine, newcomer: String) -> String {
        switch line {
        case .welcome: "¡Hola, \(newcomer)! Qué bien que hayas llegado 😊"
        case .marks:
            "Escribe algo aquí abajo: ◷ está en cola, ✓ llegó al servidor, ✓✓ me llegó a mí "
                + "y •✓✓ es que lo he leído."
        case .leaving: "Ahora vuelvo, voy a hacer café ☕"
        case .back: "¡Ya estoy aquí! El café salió fuerte 😅"
        case .friend: "\(newcomer), ¿viste el informe que te mandé? Necesito tu opinión para mañana 🙏"
        }
    }

    func replies(_ topic: PartnerTopic, newcomer: String) -> [String] {
        switch topic {
        case .link: ["Abrí el enlace, ¡gracias! Lo leeré con calma.", "Qué bueno, ese también me lo guardo."]
        case .emoji: ["😄", "❤️", "🙌"]
        case .identity:
            [
                "Soy la Bia de esta demostración: un segundo cliente MyChat de verdad, que habla con el mismo servidor.",
                "Vivo dentro de la demostración 🙂 Pero los mensajes van y vienen por el servidor de verdad.",
            ]
        case .wellbeing: ["¡Todo bien por aquí! ¿Y tú?", "Bien, solo con un poco de sueño 😴"]
        case .thanks: ["¡De nada! 😊", "¡Faltaría más, \(newcomer)!"]
        case .farewell: ["¡Hasta luego, \(newcomer)! 👋", "¡Adiós! Me gustó hablar contigo."]
        case .help: ["F1 muestra las teclas. Si sales a mitad de una frase, queda guardada como borrador."]
        case .test: ["Prueba recibida ✓", "Llegó perfecto, prueba todo lo que quieras."]
        case .coffee: ["A un café nunca digo que no ☕", "Acabo de hacer uno. ¿Quieres?"]
        case .greeting: ["¡Hola, \(newcomer)! 👋", "¡Hola otra vez!"]
        case .laughter: ["😂😂", "jajaja, muy buena"]
        case .question: ["Buena pregunta… déjame pensar.", "¡Creo que sí! ¿Y tú qué opinas?", "Depende 🤔"]
        case .long: ["¡Lo leí todo! Estoy de acuerdo con casi todo, luego te respondo con calma."]
        case .other: ["¡Entendido!", "Genial 🙂 cuéntame más.", "Hecho 👍", "¿En serio? ¡Qué interesante!"]
        }
    }

    func signs(_ topic: PartnerTopic) -> [String] {
        switch topic {
        case .identity: ["quien eres", "eres un robot", "eres una persona", "eres real", "robot"]
        case .wellbeing: ["que tal", "como estas", "como te va", "todo bien"]
        case .thanks: ["gracias"]
        case .farewell: ["adios", "hasta luego", "hasta manana", "nos vemos", "chao"]
        case .help: ["ayuda", "como se usa", "como funciona", "teclas"]
        case .test: ["prueba", "probando"]
        case .coffee: ["cafe"]
        case .greeting: ["hola", "buenas", "buenos dias", "buenas tardes", "buenas noches"]
        case .link, .emoji, .laughter, .question, .long, .other: []
        }
    }

    var laughingLetters: [String] { ["ja", "je"] }
    var laughingWords: [String] { [] }
    var lettersOfItsOwn: String { "ñÑ¿¡" }
    var smallWords: Set<String> {
        [
            "hola", "buenas", "buenos", "dias", "tardes", "noches", "que", "tal", "como", "estas", "esta",
            "estoy", "bien", "muy", "gracias", "por", "favor", "para", "con", "sin", "no", "si", "yo", "tu",
            "usted", "el", "ella", "los", "las", "del", "de", "y", "un", "una", "mi", "su", "pero", "mucho",
            "donde", "cuando", "quien", "porque", "adios", "hasta", "luego", "manana", "hoy", "ahora",
            "aqui", "esto", "eso", "prueba", "probando", "mensaje", "genial", "vale", "cafe", "soy", "eres",
            "es", "son", "tambien", "voy", "hay", "nos", "vemos", "ayer", "siempre", "nada", "bueno",
        ]
    }
}
