// Package optout knows who asked to be left alone, and reads that wish.
//
// A [Record] is one STOP or START as it was received; [Check] decides over the
// records on file and is a pure function. [Read] reads what a person meant,
// in several languages, without I/O: it is deterministic and says which rule
// read which bytes.
//
// # How a text is read
//
// What the text only repeats is left out: the message that a reaction quotes,
// lines that start with ">". The rest is cut into words without regard to case,
// accents, decoration and disguise. If it is a keyword of rules/keywords.txt,
// that decides. Otherwise the phrases of rules/phrases decide: those of rules
// that mean nothing ("stop by", "cancel my appointment") outweigh what begins
// or ends inside them, and of the rest the strongest intent wins: WrongNumber,
// Stop, Start, Review, Help. If no phrase decides, a small linear model may
// still find Review or Stop in a text of Latin letters; it never finds a Start.
//
// The rule files are meant to be read by people who do not program: every row
// has its source and a date, and says where no speaker of the language has
// reviewed it.
//
// Errors: [ErrOptedOut]. Sources: R7.7 to R7.23, R7.41 of docs/rules.md.
package optout
