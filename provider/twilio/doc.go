// Package twilio sends text messages through Twilio's Programmable Messaging
// API and reads its webhooks.
//
// [New] makes an [Adapter], which is both a [provider.Provider] and a
// [provider.Webhook]. It speaks plain HTTP; no SDK is needed. What has to be set
// up at Twilio, and who answers STOP, is described in docs/providers/twilio.md.
//
// Errors of Send are [*provider.Error] with Twilio's error code, errors of
// Verify and Parse are [*provider.WebhookError], and errors of New are
// [*provider.ConfigError], joined. None contains a number, a text or a secret.
package twilio
