// Package train makes a model of an application's own texts, for a classifier
// beside the built-in one:
//
//	rows, err := train.Read(file)
//	model, err := train.Model(rows)
//	own, err := classify.Load(model)
//	// carewire.Config{Classifier: own, ...}
//
// The same rows in the same order give the same bytes. A model holds hashes and
// numbers, and no text. The command carewire train does the same.
//
// Sources: R7.26 of docs/rules.md.
package train
