package disclosure

// class is a set of meanings that a word can have in a disclosure, in English or Spanish.
type class uint64

const (
	negation    class = 1 << iota // not, never, nunca
	blocker                       // a conjunction that ends what a negation reaches
	modal                         // may, can, puede
	messages                      // message, SMS, mensaje
	network                       // data, carrier, standard: what rates are of
	rates                         // rates, charges, tarifas
	applies                       // apply, incur, aplican
	frequency                     // frequency, frecuencia
	varies                        // varies, depends, varia
	count                         // one, two, up
	period                        // day, month, visit
	each                          // per, a, every
	answer                        // reply, text, send, responda
	filler                        // words between "reply" and "STOP"
	stop                          // the keyword
	toward                        // to, for, para
	out                           // opt out, cancel, baja
	optOut                        // optout, unsubscribe: out of messages and nothing else
	wish                          // receive, want, desea
	more                          // longer, more, further
	share                         // share, sell, compartir
	outsiders                     // parties, affiliates, terceros
	with                          // with, to, con
	number                        // number, phone, information, celular
	otherThings                   // email, payment: not the number
	marketing                     // marketing, promotional
	except                        // except, unless, without
	partners                      // partners, affiliates, sponsors
	use                           // use, used, usamos
	only                          // only, solely, solo
	between                       // words between "only" and "use"
	other                         // other, else, otro
	purpose                       // purpose, reason, fines
	consenting                    // agree, allow, acepta
	possible                      // possible, available, allowed
	conditional                   // if, when, si
)

// classOf returns the meanings of a word as [split] yields it.
func classOf(w string) class {
	return grammar(w) | costWords(w) | stopWords(w) | privacyWords(w) | scopeWords(w)
}

func grammar(w string) class {
	switch w {
	case "not", "never", "no", "dont", "doesnt", "wont", "cant", "cannot", "isnt", "arent", "neither", "nor",
		"none", "nobody", "nothing", "shant", "wouldnt", "couldnt", "unable", "impossible", "nunca", "jamas",
		"ni", "tampoco", "ningun", "ninguna", "sin", "nada":
		return negation
	case "if", "when", "si", "cuando":
		return blocker | conditional
	case "but", "however", "though", "although", "because", "so", "then", "object", "decline", "otherwise",
		"pero", "aunque", "porque", "sino":
		return blocker
	case "except", "unless", "excepto", "salvo", "menos":
		return blocker | except
	case "without":
		return except | negation
	case "may", "might", "could", "can", "will", "puede", "pueden", "podemos", "podremos", "podria", "podrian":
		return modal
	case "to":
		return toward | with | filler | between
	case "2", "for", "4", "para", "about", "regarding", "concerning", "in", "connection":
		return toward
	case "with", "con":
		return with | filler
	case "and", "or", "y", "o", "we", "be", "is", "are", "your", "su", "sus", "se", "ever", "being", "them", "by":
		return between | filler
	case "the", "this", "any", "of", "our", "us", "word", "keyword", "back", "just", "palabra", "la", "el", "este",
		"cualquier", "nuestro", "al", "these", "simply":
		return filler
	}
	return 0
}

func costWords(w string) class {
	switch w {
	case "message", "messages", "msg", "msgs", "messaging", "sms", "mensaje", "mensajes", "mensajeria":
		return messages | filler
	case "text", "texts", "txt", "txts":
		return messages | answer | filler
	case "data", "datos":
		return network | number
	case "carrier", "carriers", "wireless", "standard", "std", "operador", "operadora", "estandar":
		return network
	case "rate", "rates", "charge", "charges", "fee", "fees", "cost", "costs", "tarifa", "tarifas", "cargo",
		"cargos", "costo", "costos", "coste", "costes":
		return rates
	case "apply", "applies", "applied", "incur", "incurred", "aplica", "aplican", "aplicar", "aplicarse",
		"aplicaran", "aplicarian", "aplique", "apliquen":
		return applies
	case "frequency", "freq", "frequencies", "frecuencia", "number", "cantidad", "volume":
		if w == "number" {
			return frequency | number
		}
		return frequency
	case "vary", "varies", "varied", "varying", "variable", "depend", "depends", "depending", "varia", "varian",
		"variar", "variara", "depende", "dependera":
		return varies
	case "one", "two", "three", "four", "five", "six", "ten", "several", "few", "un", "uno", "dos", "tres",
		"cuatro", "cinco":
		return count
	case "day", "week", "month", "mo", "wk", "year", "order", "visit", "request", "appointment", "booking",
		"delivery", "login", "ticket", "dia", "semana", "mes", "pedido", "visita", "cita", "solicitud":
		return period
	case "per", "a", "an", "each", "every", "por", "cada", "al":
		return each
	}
	if len(w) <= 3 && w[0] >= '0' && w[0] <= '9' {
		return count
	}
	return 0
}

func stopWords(w string) class {
	switch w {
	case "reply", "replying", "replies", "respond", "responding", "send", "sending", "texting", "txting", "type",
		"typing", "responda", "responde", "responder", "respondiendo", "envie", "envia", "enviar", "enviando",
		"mande", "manda", "mandando", "conteste", "contesta", "contestando", "escriba", "escribe":
		return answer
	case "stop":
		return stop | out
	case "alto", "detener", "parar", "pare":
		return stop | out
	case "baja":
		return stop | out | optOut
	case "cancelar":
		return stop | out
	case "cancel", "canceling", "cancelling", "end", "quit", "discontinue", "leave", "remove", "removed", "out",
		"revoke", "withdraw", "stopping", "stops", "cease", "halt", "exit", "terminate", "deactivate", "salir",
		"terminar", "dejar", "suspender", "finalizar", "excluirse":
		return out
	case "unsubscribe", "unsubscribing", "unsubscribed", "unsub", "optout", "desuscribirse", "desuscribir":
		return out | optOut
	case "receive", "receiving", "get", "getting", "want", "wish", "like", "desire", "recibir", "reciba", "recibira",
		"desea", "quiere", "quieres", "deseas":
		return wish
	case "longer", "more", "further", "mas":
		return more
	case "possible", "available", "allowed", "supported", "permitted", "posible", "permitido", "disponible":
		return possible
	}
	return 0
}

func privacyWords(w string) class {
	switch w {
	case "share", "shared", "shares", "sharing", "sell", "sells", "selling", "sold", "rent", "rented", "renting",
		"disclose", "disclosed", "disclosing", "give", "given", "giving", "pass", "passed", "passing", "transfer",
		"transferred", "provided", "distribute", "distributed", "lease", "leased", "trade", "traded", "lend",
		"release", "released", "compartir", "compartimos", "comparte", "comparten", "compartiremos", "compartira", //nolint:misspell // Spanish
		"compartiran", "compartido", "compartidos", "compartida", "vender", "vendemos", "venden", "vende",
		"venderemos", "vendera", "ceder", "cedemos", "cede", "ceden", "cederemos", "divulgar", "divulgamos",
		"revelar", "revelamos", "alquilar", "alquilamos", "transferir", "transferimos":
		return share
	case "parties", "party", "anyone", "anybody", "others", "outside", "outsiders", "nonaffiliated", "terceros",
		"terceras", "nadie", "otras", "otros":
		return outsiders
	case "affiliates", "affiliate", "affiliated", "afiliados", "afiliadas", "filiales", "asociados", "afiliada":
		return outsiders | partners
	case "partner", "partners", "sponsor", "sponsors", "sister", "subsidiary", "subsidiaries", "advertiser",
		"advertisers", "socios", "patrocinadores", "anunciantes":
		return partners
	case "numbers", "phone", "phones", "mobile", "mobiles", "cell", "cellphone", "information", "info", "details",
		"contact", "contacts", "it", "optin", "consent", "consents", "celular", "celulares", "telefono", "telefonos",
		"numero", "numeros", "informacion", "movil", "moviles", "personal": //nolint:misspell // Spanish
		return number
	case "email", "emails", "payment", "card", "credit", "location", "correo", "pago", "tarjeta", "ubicacion",
		"billing", "address":
		return otherThings
	case "marketing", "promotional", "promotion", "promotions", "advertising", "advertisement", "ads",
		"solicitation", "commercial", "sales", "mercadeo", "mercadotecnia", "publicidad", "publicitarios",
		"publicitarias", "promocionales", "promociones", "comerciales", "offers", "ofertas":
		return marketing
	case "agree", "allow", "authorize", "authorise", "permit", "acepta", "autoriza", "aceptas", "autorizas":
		return consenting
	}
	return 0
}

func scopeWords(w string) class {
	switch w {
	case "use", "used", "uses", "using", "usa", "usan", "usamos", "usar", "usara", "usaran", "usaremos", "utiliza",
		"utilizan", "utilizamos", "utilizar", "utilizara", "utilizaran", "utilizaremos", "utilizado", "usado":
		return use
	case "only", "solely", "exclusively", "strictly", "purely", "limited", "solo", "solamente", "unicamente",
		"exclusivamente":
		return only
	case "other", "else", "otro", "otra":
		return other
	case "otros", "otras":
		return other
	case "purpose", "purposes", "reason", "reasons", "fin", "fines", "proposito", "propositos": //nolint:misspell // Spanish
		return purpose
	}
	return 0
}
