package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// fakeTwilio accepts every message and hands its text on.
func fakeTwilio(t *testing.T) (baseURL string, texts chan string) {
	t.Helper()
	texts = make(chan string, 10)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		texts <- r.FormValue("Body")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"sid":"SM00000000000000000000000000000001","status":"queued","num_segments":"3"}`)
	}))
	t.Cleanup(srv.Close)
	return srv.URL, texts
}

// sign makes the signature that Twilio puts on a webhook request.
func sign(form url.Values) string {
	h := hmac.New(sha1.New, []byte("test-token"))
	_, _ = io.WriteString(h, "https://acme.example/sms")
	keys := make([]string, 0, len(form))
	for k := range form {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		_, _ = io.WriteString(h, k+form.Get(k))
	}
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// The program of the README is built and run as it stands: it sends the first
// message, and then deals with a STOP that is signed as Twilio signs it.
func TestTheProgramRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bin := filepath.Join(dir, "firstmessage")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	base, texts := fakeTwilio(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	cmd := exec.CommandContext(t.Context(), bin)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TWILIO_SID=AC00000000000000000000000000000001", "TWILIO_TOKEN=test-token",
		"TWILIO_URL="+base, "SMS_SECRET=0123456789abcdef", "ADDR="+addr)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })

	want := func(part string) {
		t.Helper()
		select {
		case text := <-texts:
			if !strings.Contains(text, part) {
				t.Fatalf("%q is not in the text: %s", part, text)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("no message went out: %s", stderr.String())
		}
	}
	want("Acme Plumbing: Your visit is booked for Tuesday, 10 to 12.\nBy providing your mobile number")
	form := url.Values{
		"AccountSid": {"AC00000000000000000000000000000001"}, "MessageSid": {"SM00000000000000000000000000000002"},
		"From": {"+14155550100"}, "To": {"+14155550199"}, "Body": {"HELP me please"},
	}
	for _, body := range []string{"please stop texting me", "STOP"} {
		form.Set("Body", body)
		form.Set("MessageSid", form.Get("MessageSid")+"x")
		if code := post(t, addr, form); code != http.StatusOK {
			t.Fatalf("%q was answered %d: %s", body, code, stderr.String())
		}
	}
	want("You are unsubscribed")
	form.Set("Body", "START")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+"/sms", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden && resp.StatusCode != http.StatusUnauthorized {
		t.Fatalf("an unsigned START was answered %d", resp.StatusCode)
	}
}

// post delivers a signed request, waiting until the program listens.
func post(t *testing.T, addr string, form url.Values) int {
	t.Helper()
	for range 100 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr+"/sms", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-Twilio-Signature", sign(form))
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			resp.Body.Close()
			return resp.StatusCode
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("the program does not listen")
	return 0
}
