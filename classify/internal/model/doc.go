// Package model is the trained part of the built-in classifier: the features of
// a clause, the quantised linear model over them, and the judge that applies it
// to a text. The model holds hashes and numbers, no text.
package model
