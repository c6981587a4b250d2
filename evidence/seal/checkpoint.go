package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpoint is the state of a log: its text is that of a C2SP tlog-checkpoint,
// origin, size and root hash, a line each.
type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

var errCheckpoint = errors.New("seal: not a checkpoint")

func (c checkpoint) String() string {
	return c.origin + "\n" + strconv.FormatInt(c.size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.root[:]) + "\n"
}

func parseCheckpoint(text string) (checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 {
		return checkpoint{}, errCheckpoint
	}
	c := checkpoint{origin: lines[0]}
	var err error
	if c.size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.size < 0 {
		return checkpoint{}, errCheckpoint
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return checkpoint{}, errCheckpoint
	}
	copy(c.root[:], root)
	if c.String() != text || c.origin == "" {
		return checkpoint{}, errCheckpoint
	}
	return c, nil
}

// bodyOfCheckpoint reads a signed checkpoint of our own without checking the signature.
func bodyOfCheckpoint(signed []byte) (checkpoint, bool) {
	text, _, ok := bytes.Cut(signed, []byte("\n\n"))
	if !ok {
		return checkpoint{}, false
	}
	c, err := parseCheckpoint(string(text) + "\n")
	return c, err == nil
}

// sign signs a text as a note.
func sign(text string, signer note.Signer) (string, error) {
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return "", fmt.Errorf("seal: sign: %w", err)
	}
	return string(signed), nil
}

// opened returns the text of a note that has exactly one signature, by v.
func opened(signed string, v note.Verifier) (string, error) {
	n, err := note.Open([]byte(signed), note.VerifierList(v))
	if err != nil {
		return "", err
	}
	if len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		return "", errors.New("seal: a note with other signatures")
	}
	raw, err := base64.StdEncoding.DecodeString(n.Sigs[0].Base64)
	if err != nil || !strings.HasSuffix(signed, " "+base64.StdEncoding.EncodeToString(raw)+"\n") { // no second spelling
		return "", errors.New("seal: a signature spelled in another way")
	}
	return n.Text, nil
}
