package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/recipient"
)

// customer is the number of the simulated phone.
const customer = "+14155550100"

// pages are the company's form and, for this demonstration, the customer's phone.
type pages struct {
	sms     *carewire.Client
	carrier *carrier
	hook    http.Handler
}

func (p *pages) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", p.form)
	mux.HandleFunc("POST /book", p.book)
	mux.HandleFunc("GET /phone", p.phone)
	mux.HandleFunc("POST /phone", p.reply)
	mux.HandleFunc("GET /terms", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "Terms of the text messages.") })
	mux.HandleFunc("GET /privacy", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "We do not share mobile numbers.") })
}

func (p *pages) notice() disclosure.Form { return p.sms.NoticeForm("/terms", "/privacy", false) }

// form shows the booking form with the notice beside the number.
func (p *pages) form(w http.ResponseWriter, _ *http.Request) {
	fragment, err := disclosure.NoticeHTML(p.notice())
	if err != nil {
		http.Error(w, "the form is not available", http.StatusInternalServerError)
		return
	}
	render(w, formPage, struct {
		Customer string
		Notice   template.HTML
	}{customer, fragment})
}

// book files the consent with the text that was shown, and confirms by text.
func (p *pages) book(w http.ResponseWriter, r *http.Request) {
	phone, err := recipient.Parse(r.FormValue("phone"))
	if err != nil {
		http.Error(w, "please give the number as in +14155550100", http.StatusBadRequest)
		return
	}
	booking := fmt.Sprintf("booking-%d", time.Now().UnixNano())
	err = p.sms.Consent(r.Context(), phone, consent.Record{
		Basis: consent.Form, Ref: booking, Purposes: []consent.Purpose{consent.Service},
		Shown: p.notice().Text(), Where: "https://" + r.Host + "/",
	})
	if err == nil {
		_, err = p.sms.Send(r.Context(), carewire.Message{
			To: phone, Purpose: consent.Service, Key: booking + "/confirmed", Text: "Your visit is booked for Tuesday, 10 to 12.",
		})
	}
	var refused *carewire.Error
	if errors.As(err, &refused) { // the booking stands; only the text does not go out
		render(w, donePage, refused.Error())
		return
	}
	render(w, donePage, "")
}

func (p *pages) phone(w http.ResponseWriter, _ *http.Request) {
	render(w, phonePage, p.carrier.screen())
}

// reply does what the carrier does with a text of the customer's: it calls the
// webhook, signed, and delivers again until it gets a 2xx.
func (p *pages) reply(w http.ResponseWriter, r *http.Request) {
	text := r.FormValue("text")
	id := p.carrier.show(line{Mine: true, Text: text})
	body, err := json.Marshal(wire{ID: id, From: customer, Text: text})
	if err != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	for range 3 {
		req := httptest.NewRequestWithContext(r.Context(), http.MethodPost, "/sms", bytes.NewReader(body))
		req.Header.Set("X-Signature", p.carrier.sign(body))
		rec := httptest.NewRecorder()
		p.hook.ServeHTTP(rec, req)
		if rec.Code < 300 {
			break
		}
	}
	http.Redirect(w, r, "/phone", http.StatusSeeOther)
}

func render(w http.ResponseWriter, t *template.Template, data any) {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		http.Error(w, "the page is not available", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes())
}

const head = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Acme Plumbing</title><style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}
label{display:block;font-weight:600;margin-top:1rem}input,button{font:inherit;padding:.4rem .6rem}
ol{list-style:none;padding:0}li{white-space:pre-wrap;padding:.5rem .8rem;border-radius:.8rem;margin:.4rem 4rem .4rem 0;border:1px solid}
li.mine{margin:.4rem 0 .4rem 8rem;text-align:right}</style><body>`

var (
	formPage = template.Must(template.New("form").Parse(head + `<h1>Book a visit</h1>
<form method="post" action="/book"><p>The simulated customer's number is {{.Customer}}.</p>{{.Notice}}<button>Book Tuesday, 10 to 12</button></form>`))
	donePage = template.Must(template.New("done").Parse(head + `<h1>Booked</h1>
{{if .}}<p>The confirmation text did not go out: {{.}}</p>{{else}}<p>A confirmation is on <a href="/phone">the customer's phone</a>.</p>{{end}}<p><a href="/">Book another</a></p>`))
	phonePage = template.Must(template.New("phone").Parse(head + `<h1>The customer's phone</h1>
<ol>{{range .}}<li{{if .Mine}} class="mine"{{end}}>{{.Text}}</li>{{else}}<p>No messages yet. <a href="/">Book a visit</a>.</p>{{end}}</ol>
<form method="post" action="/phone"><label for="text">Reply to Acme Plumbing</label><input id="text" name="text" autocomplete="off" required> <button>Send</button></form>`))
)
