// Package carewire sends customer-care text messages that may be sent, and no
// others.
//
// A [Client] is one program of one company. It stands between the application
// and its SMS provider, and hands over no message unless what is on file
// permits it: a consent for this brand and purpose, no opt-out, the disclosure
// shown, no promotional content, and each message once. What comes back goes
// through [Client.Webhook]: a STOP is on file before the provider gets its 2xx.
//
// # Promises
//
//  1. Consent. No message is handed to the provider without a consent on file for this brand and this purpose.
//  2. STOP. A Send called after the opt-out is on file never reaches the provider. The window for a Send already
//     past its check is one provider timeout, plus the message's time to live where the provider supports one.
//  3. Disclosure. The first message a person gets from a brand carries all five elements, unless the text they were
//     shown at intake is on file and carries them. Never lost: due again until an accepted message carried it.
//  4. No marketing. A message with promotional content does not go out; the refusal points at the words.
//  5. Once. Any number of Sends with one key hand the provider at most one message, whatever errors occur.
//  6. Closed. If the library cannot know, it does not send. An error of a store, a rule or a classifier refuses.
//  7. Proof. Consents with the literal text shown, opt-outs with the literal words received, disclosures and every
//     decision can be read back per number.
//  8. Discreet. No phone number, message text or secret in any error, log line, fmt verb, JSON or stored reason.
//
// # Errors
//
// Every error of a Client's methods is an [*Error]. Its first field answers
// what one must know first: did the message go out?
//
// Not legal advice.
package carewire
