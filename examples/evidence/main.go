// Command evidence shows what a company hands out in a dispute: a page and a
// file about one number, served by an HTTP handler that asks an authorizer
// first and refuses without one, and checked offline with the log's public key.
//
//	go run ./examples/evidence              the story, on the terminal
//	go run ./examples/evidence -out DIR     also writes evidence.html and evidence.json there
//
// Nothing leaves the machine and no port is opened.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/carewire/carewire/evidence/seal"
)

func main() {
	out := flag.String("out", "", "directory for evidence.html and evidence.json")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *out); err != nil {
		log.Fatal(err)
	}
}

// run tells the story and asks the handler as three people would.
func run(ctx context.Context, w io.Writer, dir string) error {
	c, err := newCompany(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.story(ctx); err != nil {
		return err
	}
	if _, err := newHandler(c, nil); err != nil {
		fmt.Fprintln(w, "without an authorizer: ", err)
	}
	h, err := newHandler(c, onlyLegal)
	if err != nil {
		return err
	}
	anna := "/evidence?format=%s&phone=%%2B14155550142"
	stranger := ask(h, fmt.Sprintf(anna, "json"), "")
	fmt.Fprintln(w, "a stranger:            ", stranger.Code, http.StatusText(stranger.Code))
	agent := ask(h, fmt.Sprintf(anna, "json"), "token of an agent")
	fmt.Fprintln(w, "an agent:              ", agent.Code, http.StatusText(agent.Code))
	file := ask(h, fmt.Sprintf(anna, "json"), legalToken)
	page := ask(h, fmt.Sprintf(anna, "html"), legalToken)
	fmt.Fprintln(w, "the legal department:  ", file.Code, file.Header().Get("Content-Type"), "and", page.Header().Get("Content-Type"))

	_, report, err := seal.VerifyFile(bytes.NewReader(file.Body.Bytes()), c.publicKey)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "verified offline:       %d events, each as it is in the log\n", report.Events)
	changed := bytes.Replace(file.Body.Bytes(), []byte("Please stop texting me"), []byte("Please keep texting me"), 1)
	_, _, err = seal.VerifyFile(bytes.NewReader(changed), c.publicKey)
	fmt.Fprintln(w, "with two words changed:", err)
	if dir == "" {
		return nil
	}
	if err := os.WriteFile(filepath.Join(dir, "evidence.json"), file.Body.Bytes(), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "evidence.html"), page.Body.Bytes(), 0o600)
}

// ask asks the handler as a browser with this token would.
func ask(h http.Handler, path, token string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
