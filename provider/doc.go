// Package provider is what carewire asks of an SMS provider, and what it gives one.
//
// A [Provider] has one method; [Func] makes one of any send function. Errors
// carry one [Kind], which answers the only question that matters afterwards:
// was the message not accepted, or may it have been? A [Webhook] reads what
// comes back. [Segments] counts what a text costs.
//
// The conformance kit is package providertest.
package provider
