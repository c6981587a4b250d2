// Package sinch sends text messages through the Sinch SMS REST API and reads
// its callbacks.
//
// [New] makes an [Adapter], which is both a [provider.Provider] and a
// [provider.Webhook]. What has to be set up at Sinch, and who answers STOP, is
// described in docs/providers/sinch.md. The signature has a time, whose age
// Sinch's own libraries do not check and this one neither: a replay is told by
// the message's id.
//
// Errors of Send are [*provider.Error] with Sinch's error code, errors of
// Verify and Parse are [*provider.WebhookError], and errors of New are
// [*provider.ConfigError], joined. None contains a number, a text or a secret.
package sinch
