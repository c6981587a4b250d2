package lint

// The words of English, Spanish, French and Portuguese by which an invitation
// to answer is known. All are in lower case.
var (
	yesWords = []string{"yes", "y", "si", "sí", "oui", "sim"}
	noWords  = []string{"no", "n", "non", "não", "nao"}

	// replyVerbs ask for an answer; writeVerbs do too, but also mean other things.
	replyVerbs = []string{
		"reply", "replying", "replies", "respond", "responding", "text", "texting", "txt", "answer", "answering",
		"responda", "responde", "responder", "respondiendo", "respóndanos", "conteste", "contesta", "contestar", "contestando",
		"répondez", "réponds", "répondre", "répondant", "repondez",
		"respondendo", //nolint:misspell // Portuguese
	}
	writeVerbs = []string{
		"send", "sending", "type", "typing", "write", "enter", "confirm", "say",
		"envíe", "envie", "envía", "envia", "enviar", "enviando", "mande", "manda", "mandar", "escriba", "escribe", "escribir",
		"envoyez", "envoie", "envoyer", "tapez", "écrivez",
		"digite", "escreva",
	}
	// betweenWords may stand between the verb and the answer.
	betweenWords = []string{
		"with", "back", "the", "word", "words", "a", "simple", "just", "only", "simply", "either", "by", "message", "us", "this", "to", "and",
		"con", "la", "palabra", "de", "un", "solo", "el", "mensaje", "este", "al",
		"avec", "par", "le", "mot", "les", "à", "ce", "sms",
		"com", "palavra", "apenas",
	}
	orWords = []string{"or", "o", "ou", "and", "y", "e", "et", "u"}
	toWords = []string{"to", "for", "if", "para", "si", "pour", "se", "por", "afin"}

	// plainStops can mean nothing else than the end of messages.
	plainStops = []string{
		"stop", "stopall", "opt", "optout", "opt-out", "unsubscribe", "unsub", "revoke",
		"arret", "arrêt", "arrêter", "alto", "baja", "parar", "sair", "descadastrar", "désabonner",
	}
	// outWords say that messages end, whatever stands beside them.
	outWords = []string{
		"opt", "opting", "opt-out", "optout", "unsubscribe", "unsubscribing", "unsub", "revoke",
		"baja", "desuscribirse", "desuscribirte",
		"désabonner", "désinscrire", "desabonner",
		"descadastrar", "descadastrar-se", "descadastro",
	}
	// endVerbs end something; what, the other words say.
	endVerbs = []string{
		"stop", "end", "quit", "cancel", "leave", "remove", "discontinue", "unenroll", "finish", "not", "don't", "don’t",
		"dejar", "detener", "cancelar", "terminar", "parar", "no", "salir", "eliminar",
		"arrêter", "stopper", "annuler", "cesser", "ne", "quitter",
		"deixar", "sair", "encerrar", "não", "nao",
	}
	messageWords = []string{
		"messages", "message", "msgs", "msg", "texts", "texting", "alerts", "notifications", "sms", "messaging", "list", "receiving", "receive",
		"mensajes", "avisos", "alertas", "notificaciones", "recibir", "recibirlos", "lista",
		"messages", "recevoir", "alertes", "textos", "liste",
		"mensagens", "receber", "avisos", "notificações", "alertas",
	}
	inWords = []string{
		"subscribe", "resubscribe", "opt-in", "join", "enroll", "signup", "sign", "receive", "resume", "texts", "messages", "alerts", "updates",
		"suscribirse", "recibir", "reanudar", "mensajes",
		"abonner", "recevoir", "reprendre",
		"inscrever", "receber", "retomar",
	}
	helpWords = []string{
		"help", "assistance", "support", "ayuda", "asistencia", "aide", "assistance", "ajuda", "suporte",
	}
	// careVerbs do something to what the message is about.
	careVerbs = []string{
		"confirm", "reschedule", "change", "approve", "decline", "accept", "reject", "keep", "verify", "view", "see", "order", "update", "pay",
		"confirmar", "reprogramar", "cambiar", "aprobar", "rechazar", "aceptar", "verificar", "ver", "pagar", "confirmer", "modifier", "accepter",
		"refuser", "reporter", "payer", "remarcar", "alterar", "aceitar", "recusar",
	}
	fillerWords = []string{
		"it", "at", "any", "time", "anytime", "now", "please", "this", "these", "all", "further",
		"en", "cualquier", "momento", "ahora", "à", "tout", "moment", "a", "qualquer", "agora", //nolint:misspell // Spanish
	}
)
