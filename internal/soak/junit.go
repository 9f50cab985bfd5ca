package soak

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mapstress/mapstress/internal/search"
)

// The elements of a JUnit file, as far as they are written here.
type (
	suitesElement struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		totals
		Suites []suiteElement `xml:"testsuite"`
	}
	suiteElement struct {
		Name string `xml:"name,attr"`
		totals
		Properties *propertiesElement `xml:"properties"`
		Cases      []caseElement      `xml:"testcase"`
	}
	totals struct {
		Tests    int     `xml:"tests,attr"`
		Failures int     `xml:"failures,attr"`
		Errors   int     `xml:"errors,attr"`
		Skipped  int     `xml:"skipped,attr"`
		Time     seconds `xml:"time,attr"`
	}
	propertiesElement struct {
		Properties []propertyElement `xml:"property"`
	}
	propertyElement struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	caseElement struct {
		Class   string          `xml:"classname,attr"`
		Name    string          `xml:"name,attr"`
		Time    seconds         `xml:"time,attr"`
		Failure *messageElement `xml:"failure"`
		Error   *messageElement `xml:"error"`
		Skipped *messageElement `xml:"skipped"`
		Out     string          `xml:"system-out,omitempty"`
	}
	messageElement struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
	seconds search.Duration
)

// MarshalText writes seconds.
func (s seconds) MarshalText() ([]byte, error) {
	return strconv.AppendFloat(nil, search.Duration(s).Seconds(), 'f', 3, 64), nil
}

// junit tells a state as JUnit XML: a suite for the corpus, with a test for each
// case, and one for each target, with a test for each scenario.
func junit(s *State) []byte {
	all := suitesElement{Name: "mapstress soak"}
	for _, suite := range append([]suiteElement{corpusSuite(s)}, targetSuites(s)...) {
		for i := range suite.Cases {
			suite.count(&suite.Cases[i])
		}
		all.totals.add(&suite.totals)
		all.Suites = append(all.Suites, suite)
	}
	all.Time = seconds(s.Used)
	b := bytes.NewBufferString(xml.Header)
	e := xml.NewEncoder(b)
	e.Indent("", " ")
	if err := e.Encode(all); err != nil {
		panic("soak: " + err.Error()) // plain structs of strings and numbers always encode
	}
	b.WriteByte('\n')
	// The encoder spells line feeds out. In a text they may stand for themselves, and
	// people can read it; in an attribute they then count as spaces.
	return bytes.ReplaceAll(b.Bytes(), []byte("&#xA;"), []byte("\n"))
}

func (t *totals) add(u *totals) {
	t.Tests += u.Tests
	t.Failures += u.Failures
	t.Errors += u.Errors
	t.Skipped += u.Skipped
	t.Time += u.Time
}

func (t *totals) count(c *caseElement) {
	one := totals{Tests: 1, Time: c.Time}
	switch {
	case c.Failure != nil:
		one.Failures = 1
	case c.Error != nil:
		one.Errors = 1
	case c.Skipped != nil:
		one.Skipped = 1
	}
	t.add(&one)
}

func corpusSuite(s *State) suiteElement {
	suite := suiteElement{Name: "corpus"}
	for i := range s.Cases {
		c := &s.Cases[i]
		e := caseElement{Class: "corpus." + printable(c.Target), Name: printable(c.Path), Time: seconds(c.Elapsed)}
		if c.Path == "" {
			e.Name = "unreadable " + strconv.Itoa(i)
		}
		text := printable(c.Text)
		switch {
		case c.Outcome == Failing && c.Unsafe:
			e.Out = "still fails, as its documentation allows\n" + text
		case c.Outcome == Failing:
			e.Failure = &messageElement{printable(c.Title) + " still fails: " + c.Rate.String(), printable(c.Title), text}
		case c.Outcome == Unreadable:
			e.Error = &messageElement{Message: "the case cannot be replayed", Text: text}
		case c.Outcome == NoTime:
			e.Skipped = &messageElement{Message: "there was no time left to replay it"}
		case c.Outcome == Unconfirmed:
			e.Out = fmt.Sprintf("%s runs failed, and none under atomic stamps", c.Rate)
		default:
			e.Out = fmt.Sprintf("did not fail: %s", c.Rate)
		}
		suite.Cases = append(suite.Cases, e)
	}
	return suite
}

func targetSuites(s *State) (suites []suiteElement) {
	for i := range s.Searched {
		t := &s.Searched[i]
		suite := suiteElement{Name: "search " + printable(t.Target), Properties: properties(t)}
		for _, part := range t.Parts {
			suite.Cases = append(suite.Cases, scenarioCase(t, &part, s.of(t, part.Scenario)))
		}
		suites = append(suites, suite)
	}
	return suites
}

// of returns a target's findings by schedules of a scenario. Those of scenarios
// that have no test of their own are the free search's.
func (s *State) of(t *Searched, scenario string) (found []*Finding) {
	for i := range s.Findings {
		f := &s.Findings[i]
		from := f.Scenario
		if t.part(from) == nil {
			from = ""
		}
		if f.Target == t.Target && from == scenario {
			found = append(found, f)
		}
	}
	return found
}

func scenarioCase(t *Searched, part *Exercise, found []*Finding) caseElement {
	e := caseElement{Class: "search." + printable(t.Target), Name: printable(part.Scenario), Time: seconds(part.Elapsed)}
	switch part.Scenario {
	case "":
		e.Name = "free search"
	case search.ControlledScenario:
		e.Name = "controlled runs"
	}
	var titles, stories []string
	for _, f := range found {
		titles = append(titles, printable(Title(f.Verdict)))
		stories = append(stories, printable(f.Story))
	}
	switch {
	case len(found) > 0 && t.Unsafe:
		e.Out = "a survey, not bugs: " + strings.Join(titles, ", ") + "\n\n" + strings.Join(stories, "\n")
	case len(found) > 0:
		e.Failure = &messageElement{strings.Join(titles, ", "), titles[0], strings.Join(stories, "\n")}
	case !part.Fits:
		e.Skipped = &messageElement{Message: "the target lacks the methods that it needs"}
	case part.Slices == 0:
		e.Skipped = &messageElement{Message: "it has not had its turn"}
	}
	return e
}

// properties says how much the target was exercised.
func properties(t *Searched) *propertiesElement {
	p := &propertiesElement{}
	add := func(name string, n uint64) {
		p.Properties = append(p.Properties, propertyElement{name, strconv.FormatUint(n, 10)})
	}
	add("runs", t.Tally.Runs)
	add("overlapped", t.Tally.Overlapped)
	add("growth", t.Tally.Growth)
	add("unknown", t.Tally.Unknown)
	add("schedules", uint64(t.Schedules))
	add("deaths", uint64(t.Deaths))
	add("lost", uint64(t.Lost))
	add("unconfirmed", uint64(t.Unconfirmed))
	return p
}

// printable writes what XML 1.0 cannot have, however quoted, as Go would: a dying
// process may have printed anything.
func printable(text string) string {
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case r == '\t' || r == '\n' || r >= 0x20 && r != 0xFFFE && r != 0xFFFF && !(r >= 0x7F && r < 0xA0):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
