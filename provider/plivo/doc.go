// Package plivo sends text messages through the Plivo Message API and reads its
// webhooks.
//
// [New] makes an [Adapter], which is both a [provider.Provider] and a
// [provider.Webhook]. Only signatures of version 3 are accepted: version 2
// covers the URL and nothing else. What has to be set up at Plivo, and who
// answers STOP, is described in docs/providers/plivo.md.
//
// Errors of Send are [*provider.Error], errors of Verify and Parse are
// [*provider.WebhookError], and errors of New are [*provider.ConfigError],
// joined. None contains a number, a text or a secret.
package plivo
