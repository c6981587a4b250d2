// Package disclosure writes, checks and schedules the statement that a person
// must have been shown: who texts and why, what it costs and how often, how to
// stop, that the number is not shared, and that it is used for nothing else.
//
// [Full] and [Compact] write it, [Missing] finds which of the five elements a
// text lacks, [Due] decides over what is on file whether it is owed, and [Add]
// puts it under a message. [Notice] and [Form] give the same words to an
// intake form. [In] chooses the language. All are pure functions.
//
// Sources: S4 to S7, S10, R7.6 and R7.25 of docs/rules.md.
package disclosure
