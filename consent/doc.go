// Package consent says who may be sent what, and why.
//
// A [Record] is one consent with its basis, the transaction or ticket that it
// came from, the purposes that it covers and the literal text that the person
// was shown. [Check] decides over the records on file; it is a pure function
// that does no I/O and takes the time as an argument. An empty list of purposes
// permits nothing, and a consent never lifts an opt-out: that is another fact
// (package optout).
//
// Sources: R7.1 to R7.5 of docs/rules.md.
package consent
