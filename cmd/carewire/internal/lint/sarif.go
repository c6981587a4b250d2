package lint

import (
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// The parts of SARIF 2.1.0 that code-scanning services read.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"` // [] and not null: "no findings"
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string       `json:"id"`
		ShortDescription     sarifMessage `json:"shortDescription"`
		DefaultConfiguration sarifConfig  `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level Level `json:"level"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     Level           `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"` // relative, with forward slashes
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"` // from 1
		StartColumn int `json:"startColumn"`
		EndColumn   int `json:"endColumn"`
	}
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// SARIF writes a log of SARIF 2.1.0. Paths below dir, the working directory,
// are written relative to it, as services that show findings beside the code
// need them.
func (r Report) SARIF(w io.Writer, dir string) error {
	rules := Rules()
	index := func(id string) int { return slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id }) }
	for _, f := range r.Findings {
		if index(f.Rule) < 0 {
			rules = append(rules, ruleOf(f.Rule))
		}
	}
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "carewire", InformationURI: "https://github.com/carewire/carewire"}
	for _, r := range rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules,
			sarifRule{ID: r.ID, ShortDescription: sarifMessage{r.Short}, DefaultConfiguration: sarifConfig{r.Level}})
	}
	for _, f := range r.Findings {
		message := f.Message
		if f.ID != "" {
			message += " [" + f.ID + "]"
		}
		run.Results = append(run.Results, sarifResult{
			RuleID: f.Rule, RuleIndex: index(f.Rule), Level: f.Level, Message: sarifMessage{message},
			Locations: []sarifLocation{{sarifPhysical{
				ArtifactLocation: sarifArtifact{artifact(f.File, dir)},
				Region:           sarifRegion{f.Line, f.Column, f.EndColumn},
			}}},
		})
	}
	return encode(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

// artifact makes a URI reference of a path.
func artifact(name, dir string) string {
	if filepath.IsAbs(name) {
		rel, err := filepath.Rel(dir, name)
		if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return (&url.URL{Scheme: "file", Path: filepath.ToSlash(name)}).String()
		}
		name = rel
	}
	return (&url.URL{Path: filepath.ToSlash(filepath.Clean(name))}).String()
}
