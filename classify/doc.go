// Package classify tells service from promotion and points at the words.
//
// [Default] is the built-in [Classifier]: deterministic, in process, without
// I/O. An [Approval] is a person's signed exception for one template.
//
// Sources: S8, R7.26, R7.28 and R7.29 of docs/rules.md.
package classify
