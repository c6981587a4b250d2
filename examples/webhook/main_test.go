package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// fetch calls the server and returns the page.
func fetch(t *testing.T, srv *httptest.Server, path string, form url.Values) (int, string) {
	t.Helper()
	var resp *http.Response
	var err error
	if form == nil {
		resp, err = srv.Client().Get(srv.URL + path)
	} else {
		resp, err = srv.Client().PostForm(srv.URL+path, form)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(page)
}

func TestBookingAndStop(t *testing.T) {
	t.Parallel()
	h, closeDB, err := newServer(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer closeDB()
	srv := httptest.NewServer(h)
	defer srv.Close()

	_, page := fetch(t, srv, "/", nil)
	if !strings.Contains(page, "Message and data rates may apply") || !strings.Contains(page, `aria-describedby="sms-notice"`) {
		t.Fatalf("the form does not disclose: %s", page)
	}
	if code, _ := fetch(t, srv, "/book", url.Values{"phone": {"555"}}); code != http.StatusBadRequest {
		t.Fatalf("a bad number gave %d", code)
	}
	fetch(t, srv, "/book", url.Values{"phone": {customer}})
	_, page = fetch(t, srv, "/phone", nil)
	if !strings.Contains(page, "Acme Plumbing: Your visit is booked") || strings.Contains(page, "rates may apply") {
		t.Fatalf("want the text without the statement that the form has shown: %s", page)
	}
	_, page = fetch(t, srv, "/phone", url.Values{"text": {"STOP"}})
	if !strings.Contains(page, "You are unsubscribed") {
		t.Fatalf("STOP was not confirmed: %s", page)
	}
	if _, page = fetch(t, srv, "/book", url.Values{"phone": {customer}}); !strings.Contains(page, "has opted out") {
		t.Fatalf("a text went out after STOP: %s", page)
	}
	if code, _ := fetch(t, srv, "/sms", url.Values{"text": {"START"}}); code != http.StatusUnauthorized {
		t.Fatalf("an unsigned request gave %d", code)
	}
}
