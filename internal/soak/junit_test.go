package soak

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// wellFormed reads XML from one end to the other, and checks that every character
// is one that XML 1.0 allows.
func wellFormed(t *testing.T, data []byte) {
	t.Helper()
	if !utf8.Valid(data) {
		t.Error("not UTF-8")
	}
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		if text, ok := token.(xml.CharData); ok && bytes.ContainsRune(text, '\uFFFD') && !bytes.Contains(data, []byte("\uFFFD")) {
			t.Errorf("a character was lost in %q", text)
		}
	}
}

func TestJUnitFile(t *testing.T) {
	const file = "testdata/junit.xml"
	got := junit(sample())
	wellFormed(t, got)
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got\n%s; want\n%s", got, want)
	}
}

// The counts of a suite are those of its tests, and those of the whole the sums;
// no test has more than one outcome.
func TestJUnitCounts(t *testing.T) {
	var all struct {
		totals
		Suites []struct {
			totals
			Cases []caseElement `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(junit(sample()), &all); err != nil {
		t.Fatal(err)
	}
	var sum totals
	for _, suite := range all.Suites {
		var counted totals
		for _, c := range suite.Cases {
			counted.count(&c)
			n := 0
			for _, element := range []*messageElement{c.Failure, c.Error, c.Skipped} {
				if element != nil {
					n++
				}
			}
			if n > 1 || c.Name == "" || c.Class == "" {
				t.Errorf("%+v: %d outcomes", c, n)
			}
		}
		if counted != suite.totals {
			t.Errorf("counted %+v; the suite says %+v", counted, suite.totals)
		}
		sum.add(&suite.totals)
	}
	sum.Time = all.Time // the whole also has what is between the tests
	if sum != all.totals || sum.Tests != 12 || sum.Failures != 3 || sum.Errors != 1 || sum.Skipped != 2 {
		t.Errorf("the sum is %+v; the file says %+v", sum, all.totals)
	}
}

// UnmarshalText reads seconds, for tests.
func (s *seconds) UnmarshalText(text []byte) error {
	f, err := strconv.ParseFloat(string(text), 64)
	*s = seconds(f*1e3+0.5) * 1e6
	return err
}

// Whatever a target or the runtime printed, the file is XML, and tells what it was.
func TestJUnitOfAnything(t *testing.T) {
	const nasty = "nul \x00 escape \x1b[31m bell \a cr \r\n invalid \xff\xfe\xc3 end ]]> <b a=\"&amp;\"> \uFFFE \uFFFF \uFFFD \u0085 \x7f é 漢 \U0001F600"
	s := sample()
	s.Targets[0], s.Searched[0].Target = nasty, nasty
	for i := range s.Cases {
		s.Cases[i].Path, s.Cases[i].Target, s.Cases[i].Title, s.Cases[i].Text = nasty, nasty, nasty, nasty
	}
	for i := range s.Findings {
		s.Findings[i].Story, s.Findings[i].Verdict.Rule, s.Findings[i].Target = nasty, nasty, nasty
	}
	data := junit(s)
	wellFormed(t, data)
	var all suitesElement
	if err := xml.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	const want = `nul \x00 escape \x1b[31m bell \x07 cr \x0d` + "\n" + ` invalid \xff\xfe\xc3 end ]]> <b a="&amp;"> \ufffe \uffff ` + "\uFFFD" + ` \x85 \x7f é 漢 😀`
	if got := all.Suites[0].Cases[0].Failure.Text; got != want {
		t.Errorf("a failure reads\n%q; want\n%q", got, want)
	}
	if got := all.Suites[0].Cases[0].Name; got != want {
		t.Errorf("a name reads\n%q; want\n%q", got, want)
	}
}

// A test must not fail for a survey's findings.
func TestJUnitSurvey(t *testing.T) {
	s := sample()
	for i := range s.Findings {
		s.Findings[i].Target = "map"
	}
	for _, suite := range targetSuites(s) {
		for _, c := range suite.Cases {
			if c.Failure != nil {
				t.Errorf("%s: %+v", suite.Name, c)
			}
			if suite.Name == "search map" && c.Name == "growth-burst" && !strings.Contains(c.Out, "how it went") {
				t.Errorf("%+v does not tell the finding", c)
			}
		}
	}
}
