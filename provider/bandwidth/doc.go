// Package bandwidth sends text messages through the Bandwidth Messaging API v2
// and reads its callbacks.
//
// [New] makes an [Adapter], which is both a [provider.Provider] and a
// [provider.Webhook]. Bandwidth does not sign callbacks: HTTP Basic credentials
// are all that protects them, so give them a secret path and a list of
// addresses as well. What has to be set up at Bandwidth is described in
// docs/providers/bandwidth.md.
//
// Errors of Send are [*provider.Error] with Bandwidth's error type, errors of
// Verify and Parse are [*provider.WebhookError], and errors of New are
// [*provider.ConfigError], joined. None contains a number, a text or a secret.
package bandwidth
