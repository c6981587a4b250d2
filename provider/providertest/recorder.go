package providertest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
)

// From is the sender that a [Recorder] gives in its receipts.
const From = "recorder"

// Recorder is a provider that sends nothing: it keeps every message that it is
// handed and accepts it, unless its script says otherwise. Its zero value is
// ready, and it is safe for concurrent use.
//
// A message that comes with a context that has ended is not recorded and
// answered with Unavailable, as a real adapter does.
type Recorder struct {
	mu       sync.Mutex
	messages []provider.Message
	script   []provider.Func
}

var _ provider.Provider = (*Recorder)(nil)

// Script adds answers, used up one per message in the order given. After the
// last one every message is accepted again. [Fail], [Lost] and [Hang] make
// usual ones; any other function will do.
func (r *Recorder) Script(answers ...provider.Func) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.script = append(r.script, answers...)
}

// Send records m and answers by the script. Accepted messages get the IDs
// "recorded-1", "recorded-2" and so on, by their place among all messages.
func (r *Recorder) Send(ctx context.Context, m provider.Message) (provider.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return provider.Receipt{}, &provider.Error{Kind: provider.Unavailable, Err: err}
	}
	r.mu.Lock()
	r.messages = append(r.messages, m)
	n := len(r.messages)
	var answer provider.Func
	if len(r.script) > 0 {
		answer, r.script = r.script[0], r.script[1:]
	}
	r.mu.Unlock()
	if answer != nil {
		return answer(ctx, m)
	}
	return provider.Receipt{
		ID: fmt.Sprintf("recorded-%d", n), From: From, Segments: provider.Segments(m.Text).Segments,
	}, nil
}

// Messages returns every message handed over so far, the refused ones among
// them, in order. The slice is the caller's.
func (r *Recorder) Messages() []provider.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.messages)
}

// To returns the texts handed over for p, in order.
func (r *Recorder) To(p recipient.Phone) []string {
	var texts []string
	for _, m := range r.Messages() {
		if m.To == p {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// Len returns how many messages were handed over.
func (r *Recorder) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.messages)
}

// Reset forgets messages and script.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages, r.script = nil, nil
}

// Fail is an answer for [Recorder.Script]: the error with this kind and code.
func Fail(kind provider.Kind, code string) provider.Func {
	return func(context.Context, provider.Message) (provider.Receipt, error) {
		return provider.Receipt{}, &provider.Error{Kind: kind, Code: code}
	}
}

// Accept is an answer for [Recorder.Script]: this receipt.
func Accept(receipt provider.Receipt) provider.Func {
	return func(context.Context, provider.Message) (provider.Receipt, error) { return receipt, nil }
}

// Lost is an answer for [Recorder.Script]: the message is taken, but the
// answer never arrives, so that the error's kind is Unknown.
func Lost() provider.Func { return Fail(provider.Unknown, "") }

// Hang is an answer for [Recorder.Script]: nothing, until the context ends.
func Hang() provider.Func {
	return func(ctx context.Context, _ provider.Message) (provider.Receipt, error) {
		<-ctx.Done()
		return provider.Receipt{}, &provider.Error{Kind: provider.Unknown, Err: ctx.Err()}
	}
}
