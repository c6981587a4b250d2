// Package awssms sends text messages through AWS End User Messaging SMS and
// reads what comes back through Amazon SNS: inbound messages and the events of
// a configuration set.
//
// [New] makes an [Adapter], which is both a [provider.Provider] and a
// [provider.Webhook]. It is a module of its own, since it uses the AWS SDK. What
// has to be set up at AWS, and who answers STOP, is described in
// docs/providers/awssms.md.
//
// Errors of Send are [*provider.Error], whose code is the exception's reason, or
// its name; errors of Verify and Parse are [*provider.WebhookError], and errors
// of New are [*provider.ConfigError], joined. None contains a number, a text or
// a secret.
package awssms
