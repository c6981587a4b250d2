// Package providers holds the tests that tell one story through the adapter of
// every provider, against a local server that stands for it: a message is
// accepted, a STOP comes in by webhook, and nothing goes out any more. What
// differs between providers is in a file for each of them; the story is told once.
package providers
