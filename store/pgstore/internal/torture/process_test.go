package torture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/pgstore"
)

const (
	people = 8 // in a round; those with an even number say STOP
	keys   = 6 // of messages to each of them
)

const (
	company = "Acme Plumbing"
	about   = "service at your address"
)

// job is what a process is told to do.
type job struct {
	Role  string // "sender 1" or "receiver"
	DSN   string
	Dir   string
	First int // the first person of the round
	Until time.Time
}

const jobVariable = "CAREWIRE_TORTURE_JOB"

// TestMain runs the test, or in a process that the test has started, its job.
func TestMain(m *testing.M) {
	text := os.Getenv(jobVariable)
	if text == "" {
		os.Exit(m.Run())
	}
	var j job
	err := json.Unmarshal([]byte(text), &j)
	if err == nil {
		err = j.run(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func phone(person int) recipient.Phone {
	return recipient.MustParse(fmt.Sprintf("+1415%07d", 2000000+person))
}

// newClient makes the client of a process. The provider takes most messages,
// and otherwise fails in every way that a provider can.
func newClient(pool *pgxpool.Pool, hand func(context.Context, provider.Message) error) (*carewire.Client, error) {
	st, err := pgstore.Open(context.Background(), pool, &pgstore.Options{Timeout: time.Second})
	if err != nil {
		return nil, err
	}
	return carewire.New(carewire.Config{
		Program: carewire.Program{
			Brand: "acme", Company: company, About: about, Contact: "help@acme.example", Purposes: []consent.Purpose{consent.Service},
		},
		Provider: provider.Func(func(ctx context.Context, m provider.Message) (provider.Receipt, error) {
			switch rand.IntN(20) {
			case 0:
				return provider.Receipt{}, &provider.Error{Kind: provider.Unavailable}
			case 1:
				return provider.Receipt{}, &provider.Error{Kind: provider.Throttled}
			case 2:
				return provider.Receipt{}, errors.Join(hand(ctx, m), errors.New("the answer was lost"))
			}
			return provider.Receipt{ID: "SM-" + m.Ref}, hand(ctx, m)
		}),
		ProviderTimeout: time.Second,
		Store:           st,
		Secret:          []byte("the secret of the torture test"),
	})
}

func (j *job) run(ctx context.Context) error {
	log, err := openJournal(j.Dir, j.Role)
	if err != nil {
		return err
	}
	pool, err := pgxpool.New(ctx, j.DSN)
	if err != nil {
		return err
	}
	work, hand := j.send, handMessage
	if j.Role == "receiver" {
		work, hand = j.receive, handConfirmation
	}
	var c *carewire.Client
	for c == nil { // the server may be down at the moment
		if time.Now().After(j.Until) {
			return nil
		}
		c, err = newClient(pool, func(ctx context.Context, m provider.Message) error { return hand(ctx, log, m) })
		if err != nil {
			time.Sleep(20 * time.Millisecond)
		}
	}
	for time.Now().Before(j.Until) {
		if err := work(ctx, log, c); err != nil {
			return err
		}
	}
	return nil
}

// beginning is the context key of the line that a Send will write.
type beginning struct{}

// handMessage is what the provider does with a message.
func handMessage(ctx context.Context, log *journal, m provider.Message) error {
	l, ok := ctx.Value(beginning{}).(line)
	if !ok {
		return errors.New("the context of Send did not reach the provider")
	}
	l.Kind, l.ID, l.Stated = handed, m.Ref, len(disclosure.Missing(m.Text, company, about)) == 0
	return log.write(l)
}

// handConfirmation is what the provider does with the answer to a STOP.
func handConfirmation(_ context.Context, log *journal, m provider.Message) error {
	return log.write(line{Kind: confirmation, Person: person(m.To), ID: m.Ref})
}

func person(p recipient.Phone) int {
	var n int
	if _, err := fmt.Sscanf(p.E164(), "+1415%d", &n); err != nil {
		return -1
	}
	return n - 2000000
}

// send sends one message.
func (j *job) send(ctx context.Context, log *journal, c *carewire.Client) error {
	l := line{Person: j.First + rand.IntN(people), Key: fmt.Sprint(rand.IntN(keys))}
	l.Begun = time.Now()
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, beginning{}, l), 2*time.Second)
	defer cancel()
	r, err := c.Send(ctx, carewire.Message{
		To: phone(l.Person), Purpose: consent.Service, Key: l.Key, Text: "Your visit is booked for Tuesday, 10 to 12.",
	})
	switch {
	case err == nil && r.Replayed:
		return nil
	case err == nil:
		l.Kind, l.ID = sent, r.AttemptID
	case errors.Is(err, carewire.ErrOptedOut):
		l.Kind = optedOut
	case errors.Is(err, carewire.ErrInFlight), errors.Is(err, carewire.ErrUnknown):
		return nil
	default:
		l.Kind = failed
	}
	return log.write(l)
}

// receive takes one STOP in, and again until it is acknowledged, as a provider
// that delivers again does. People say it twice.
func (j *job) receive(ctx context.Context, log *journal, c *carewire.Client) error {
	time.Sleep(time.Duration(rand.IntN(150)) * time.Millisecond)
	who := j.First + 2*rand.IntN(people/2)
	at := time.Now().UTC().Truncate(time.Microsecond)
	in := provider.Inbound{ID: at.Format(time.RFC3339Nano), From: phone(who), To: "+14155550199", Text: "STOP", Sent: at}
	for time.Now().Before(j.Until) {
		limited, cancel := context.WithTimeout(ctx, 2*time.Second)
		_, err := c.Receive(limited, in)
		cancel()
		if err == nil {
			return log.write(line{Kind: acknowledged, Person: who, Sent: at})
		}
		if err := log.write(line{Kind: failed, Person: who}); err != nil {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}
