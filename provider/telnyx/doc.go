// Package telnyx sends text messages through the Telnyx Messaging API v2 and
// reads its webhooks.
//
// [New] makes an [Adapter], which is both a [provider.Provider] and a
// [provider.Webhook]. What has to be set up at Telnyx, and who answers STOP, is
// described in docs/providers/telnyx.md. Telnyx wants a webhook answered within
// two seconds.
//
// Errors of Send are [*provider.Error] with Telnyx's error code, errors of
// Verify and Parse are [*provider.WebhookError], and errors of New are
// [*provider.ConfigError], joined. None contains a number, a text or a secret.
package telnyx
