// Package torture checks the promises of carewire through crashes: three
// processes send and one receives STOPs, over one PostgreSQL server that is
// restarted in immediate mode while they work, and all of them are killed with
// SIGKILL at random. Afterwards no message was begun after an acknowledged
// STOP, no acknowledged STOP is missing, no key was handed over twice, and the
// first message of everybody carried the disclosure.
//
// The processes are the test's own binary, started again. What they do is
// written to files with one line at a time, which a SIGKILL does not undo.
// CAREWIRE_TORTURE_ROUNDS is the number of rounds; each has people of its own.
package torture
