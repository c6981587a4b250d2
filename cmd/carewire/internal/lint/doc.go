// Package lint checks message templates before anything is sent with them:
// promotional words, answers that carriers take for something else, what makes
// a text long, and what a first message must say.
//
// A template is a line of a text file or a row of JSON Lines. Placeholders,
// {} or {name} or {{name}}, are filled with short sample values for the checks;
// every finding points into the template itself.
package lint
