package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"golang.org/x/tools/txtar"
)

// The first line of a case, without its version, and the version written here.
const (
	header  = "# mapstress case v"
	version = 1
)

// The sections of a case, in the order in which they are written.
const (
	metaSection      = "case.json"
	scheduleSection  = "schedule"
	originalSection  = "original"  // absent if that is the schedule
	decisionsSection = "decisions" // absent if there are none
	historySection   = "history"
	evidenceSection  = "evidence"
)

// Format returns the case's file: a txtar archive whose first line names the
// format and its version. The schedule in it may be edited by hand. Format
// returns the same bytes for the same case.
func (c *Case) Format() []byte {
	archive := &txtar.Archive{Comment: fmt.Appendf(nil, "%s%d\n# run it again: mapstress replay FILE\n", header, version)}
	add := func(name string, data []byte) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: data})
	}
	add(metaSection, c.formatMeta())
	if c.Schedule != nil {
		add(scheduleSection, []byte(c.Schedule.Text()))
	}
	if c.Original != nil {
		add(originalSection, []byte(c.Original.Text()))
	}
	if c.Decisions != "" {
		add(decisionsSection, quote(c.Decisions))
	}
	add(historySection, quote(c.History))
	add(evidenceSection, quote(capped(c.Evidence)))
	return txtar.Format(archive)
}

// meta is the case.json section.
type meta struct {
	*Case
	Seed string `json:"seed"`
}

func (c *Case) formatMeta() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // what is quoted from Go sources is full of < and &
	e.SetIndent("", "  ")
	if err := e.Encode(meta{Case: c, Seed: strconv.FormatUint(c.Seed, 10)}); err != nil {
		panic("corpus: " + err.Error()) // plain structs of strings and numbers always encode
	}
	return b.Bytes()
}
