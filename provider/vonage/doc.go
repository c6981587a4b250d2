// Package vonage sends text messages through the Vonage Messages API and reads
// its signed webhooks.
//
// [New] makes an [Adapter], which is both a [provider.Provider] and a
// [provider.Webhook]. What has to be set up at Vonage, and who answers STOP, is
// described in docs/providers/vonage.md. Vonage accepts a message for a person
// who has opted out, and tells so in a status webhook only.
//
// Errors of Send are [*provider.Error] with Vonage's error code, errors of
// Verify and Parse are [*provider.WebhookError], and errors of New are
// [*provider.ConfigError], joined. None contains a number, a text or a secret.
package vonage
