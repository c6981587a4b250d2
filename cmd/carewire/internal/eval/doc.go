// Package eval measures what the library reads against labels that people
// gave: replies with optout.Read, outgoing texts with a classify.Classifier.
//
// It prints and writes no text of a message: ids, labels and rule ids alone.
package eval
