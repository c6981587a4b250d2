// Package optout knows who asked to be left alone, and reads that wish.
//
// A [Record] is one STOP or START as it was received; [Check] decides over the
// records on file and is a pure function. [Read] reads what a person meant,
// in several languages, without I/O: it is deterministic and says which rule
// read which bytes.
//
// The rules are data files with the source and date of each row. (R7.41)
//
// Sources: R7.7 to R7.23 of docs/rules.md.
package optout
