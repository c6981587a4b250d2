package store

// Volatile is an optional ability of a store, or of one of its roles: to say
// that what it keeps is lost when the process or the server stops. A client
// refuses such a store unless it is told otherwise.
type Volatile interface {
	// Volatile reports whether facts and attempts are lost at a restart.
	Volatile() bool
}

// IsVolatile reports whether s, a store or a role, says that it is [Volatile].
// A decorator that does not say is looked through by its method Unwrap, which
// returns the [Store] that it wraps. A value with neither is taken as durable.
func IsVolatile(s any) bool {
	for s != nil {
		if v, ok := s.(Volatile); ok {
			return v.Volatile()
		}
		u, ok := s.(interface{ Unwrap() Store })
		if !ok {
			return false
		}
		s = u.Unwrap()
	}
	return false
}
