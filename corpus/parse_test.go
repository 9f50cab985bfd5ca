package corpus

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/oracle"
)

var update = flag.Bool("update", false, "rewrite the expected files in testdata")

func TestGolden(t *testing.T) {
	path := filepath.Join("testdata", "case.txtar")
	got := sample().Format()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	mustParse(t, want, sample())
}

// mustParse parses data, and wants the case of it.
func mustParse(t *testing.T, data []byte, want *Case) {
	t.Helper()
	got, err := Parse("x.txtar", data)
	if err != nil {
		t.Fatal(err)
	}
	want.File = "x.txtar"
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestRoundTrip(t *testing.T) {
	texts := []string{
		"", "\n", "\n\n", "a", "a\n", "a\n\n", " ", "a \n", "\ta\n", "\r\n", "a\rb\n", "\\\n", "\\ no newline at the end\n", "\"", "\"a\"\n",
		"-- schedule --", "-- x --\n", "a\n-- x --\r\nb", "\x00\xff", "\xef\xbf\xbd\n", "\ufeffa\n", "é ∞\n", "\u00a0\u2028\n",
		strings.Repeat("x", MaxEvidence),
	}
	for _, text := range texts {
		c := sample()
		c.Evidence, c.Decisions = text, text
		mustParse(t, c.Format(), c)
	}
	least := &Case{Target: "map", Verdict: oracle.Verdict{Class: oracle.Hang}, Schedule: sample().Schedule}
	mustParse(t, least.Format(), least)
}

func TestEvidenceCapped(t *testing.T) {
	c := sample()
	c.Evidence = "first" + strings.Repeat("x", 1<<20) + "last"
	once, err := Parse("x", c.Format())
	if err != nil {
		t.Fatal(err)
	}
	e := once.Evidence
	if len(e) > MaxEvidence || !strings.HasPrefix(e, "first") || !strings.HasSuffix(e, "last") || !strings.Contains(e, "\n[983113 bytes left out]\n") {
		t.Errorf("%d bytes: %.60q ... %q", len(e), e, e[len(e)-60:])
	}
	if !bytes.Equal(once.Format(), c.Format()) {
		t.Error("capped again")
	}
}

// What a checkout on Windows and a person with an editor may do to a file.
func TestParseEdited(t *testing.T) {
	data := string(sample().Format())
	mustParse(t, []byte(strings.ReplaceAll(data, "\n", "\r\n")), sample())
	mustParse(t, []byte("\ufeff"+data), sample())

	edited := strings.Replace(data, "-- schedule --\n", "a note\n-- schedule --\n", 1)
	edited = strings.Replace(edited, "w0 load k9\n", "# without this it passes:\nw0   load k9\n\n", 1)
	edited = strings.Replace(edited, "run it again", "see issue 7", 1)
	edited = strings.Replace(edited, "a note\n", "", 1)
	mustParse(t, []byte(edited), sample())

	fewer := sample()
	fewer.Schedule.Workers[0] = fewer.Schedule.Workers[0][:1]
	mustParse(t, []byte(strings.Replace(data, "w0 load k9\n", "", 1)), fewer)
}

func TestParseErrors(t *testing.T) {
	data := string(sample().Format())
	for _, c := range []struct{ old, new, want string }{
		{data, "", `empty file; want a first line "# mapstress case v1"`},
		{"# mapstress case v1", "# mapstress case v2", `case format v2 is newer than this mapstress knows (v1)`},
		{"# mapstress case v1", "# mapstress case v0", `line 1: "# mapstress case v0"; want "# mapstress case v1"`},
		{"# mapstress case v1", "# mapstress case vx", `line 1: "# mapstress case vx"; want "# mapstress case v1"`},
		{"# mapstress case v1\n", "", `line 1: "# run it again: mapstress replay FILE"; want "# mapstress case v1"`},
		{data, data[:len(data)-1], `the last line does not end; is the file cut short?`},
		{data, data[:strings.Index(data, "-- evidence")], `no section "evidence"; is the file cut short?`},
		{"-- schedule --\n", "", `no section "schedule"; is the file cut short?`},
		{"-- history --\n", "-- schedule --\n", `a second section "schedule"`},
		{"-- history --\n", "-- story --\n", `unknown section "story"; want case.json, schedule, original, decisions, history and evidence`},
		{"w0 load k9\n", "w0 lod k9\n", `schedule line 6: unknown op "lod"; want one of load, store, load-or-store, load-and-delete, ` +
			`delete, swap, compare-and-swap, compare-and-delete, compute, increment, range, len, is-empty, clear, clone`},
		{"mapstress schedule v1", "mapstress schedule v3",
			`schedule line 1: format version "3" is not known to this mapstress; want "mapstress schedule v1"`},
		{"w1 [2..4] delete k1\n", "w1 [2..4] delete\n", `history line 2: "delete" has 0 operands; want "delete kN"`},
		{"fatal error: ", `"fatal error: `, `evidence line 1: "\"fatal error: concurrent map writes" is not a quoted line`},
		{"goroutine 7", `\oroutine 7`, `evidence line 3: "\\oroutine 7 [running]:"; want "\\ no newline at the end", and only at the end`},
		{"0 1 1 0\n", "\\ no newline at the end\n", `decisions line 1: "\\ no newline at the end"; want "\\ no newline at the end", and only at the end`},
		{`"rule":`, `"rul":`, `case.json line 5: unknown field "rul"; is it misspelt, or the file from a newer mapstress?`},
		{`"target":`, `"file":`, `case.json line 2: unknown field "file"; is it misspelt, or the file from a newer mapstress?`},
		{`"failed": 41`, `"failed": "41"`, `case.json line 26: a string; want a whole number`},
		{`"reproduced": {`, `"reproduced": 3, "x": {`, `case.json line 25: a number; want an object`},
		{`"failed": 41`, `"failed": 51`, `case.json: reproduced 51 of 50`},
		{`"failed": 41`, `"failed": -1`, `case.json: reproduced -1 of 50`},
		{`"failed": 41,`, `"failed": 41`, `case.json line 27: invalid character '"' after object key:value pair`},
		{`"class": "silent-corruption"`, `"class": "silent"`, `case.json: unknown class "silent"`},
		{`"class": "silent-corruption"`, `"class": "clean"`, `case.json: class "clean" is not a finding`},
		{`"class": "silent-corruption",`, ``, `case.json: class "unknown" is not a finding`},
		{`"target": "sync.Map"`, `"target": ""`, `case.json: no target`},
		{`"seed": "18446744073709551615"`, `"seed": "-1"`, `case.json: seed "-1"; want a number in quotes`},
		{`"seed": "18446744073709551615"`, `"seed": 1`, `case.json line 40: a number; want a string`},
		{`"failed": 12`, `"failed": 70`, `case.json: shrunk from a rate of 70 of 60`},
		{`"least": 0.5`, `"least": -1`, `case.json: shrunk to a share of -1`},
		{"w0 load k10\n", "w0 load\n", `original schedule line 4: "load" has 0 operands; want "load kN"`},
		{"\n}\n", "\n", `case.json: the object does not end`},
		{"\n}\n", "\n}\n{}\n", `case.json line 42: more after the end of the object`},
	} {
		if !strings.Contains(data, c.old) {
			t.Fatalf("%q is not in the sample", c.old)
		}
		_, err := Parse("x.txtar", []byte(strings.Replace(data, c.old, c.new, 1)))
		if want := "x.txtar: " + c.want; err == nil || err.Error() != want {
			t.Errorf("%.40q for %.40q:\n got %v\nwant %s", c.new, c.old, err, want)
		}
	}
}

// A file cut short at any byte is an error; if it is only evidence that is
// missing, it may be read without.
func TestParseTruncated(t *testing.T) {
	whole := sample().Format()
	for n := range whole {
		c, err := Parse("x", whole[:n])
		if err != nil {
			continue
		}
		want := sample()
		// Without the line that says so, the end of the evidence is not known to
		// lack its newline.
		if !strings.HasPrefix(want.Evidence+"\n", c.Evidence) {
			t.Fatalf("after %d bytes: evidence %q", n, c.Evidence)
		}
		want.Evidence, want.File = c.Evidence, "x"
		if !reflect.DeepEqual(c, want) {
			t.Fatalf("after %d bytes: %+v", n, c)
		}
	}
}

// FuzzParse: whatever parses has a canonical form, which is the same case.
func FuzzParse(f *testing.F) {
	f.Add(sample().Format())
	f.Add([]byte("# mapstress case v1\n-- case.json --\n{\"target\":\"m\",\"verdict\":{\"class\":\"hang\"},\"seed\":\"1\"}\n" +
		"-- schedule --\nmapstress schedule v1\nw0 clear\n-- history --\n-- evidence --\n\"\\x00\"\n\\ no newline at the end\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("x", data)
		if err != nil {
			return
		}
		canonical := c.Format()
		again, err := Parse("x", canonical)
		if err != nil {
			t.Fatalf("%v, in the canonical form\n%s", err, canonical)
		}
		if !bytes.Equal(again.Format(), canonical) || again.ID() != c.ID() {
			t.Fatalf("got\n%s\nwant\n%s", again.Format(), canonical)
		}
	})
}

// FuzzQuote: any text survives, in lines that txtar leaves alone.
func FuzzQuote(f *testing.F) {
	f.Add("a\n-- x --\nb")
	f.Add("\\\r\n\"\x00 ")
	f.Fuzz(func(t *testing.T, text string) {
		section := quote(text)
		if bytes.HasPrefix(section, []byte("-- ")) || bytes.Contains(section, []byte("\n-- ")) || bytes.Contains(section, []byte("\r")) {
			t.Fatalf("%q is quoted as %q", text, section)
		}
		if got, err := unquote(string(section)); err != nil || got != text {
			t.Fatalf("got %q, %v; want %q", got, err, text)
		}
	})
}
