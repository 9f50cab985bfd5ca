package strategy

import (
	"math/rand"
	"slices"
	"strings"
	"testing"
)

func TestDecisionsText(t *testing.T) {
	for _, c := range []struct {
		d    Decisions
		text string
	}{
		{nil, ""},
		{Decisions{0}, "0"},
		{Decisions{0, 0, 0, 1, 0, 12, 12}, "0*3 1 0 12*2"},
		{slices.Repeat(Decisions{100, 0, 0}, 20),
			strings.TrimSpace(strings.Repeat("100 0*2 ", 10)) + "\n" + strings.TrimSpace(strings.Repeat("100 0*2 ", 10))},
	} {
		if got := c.d.String(); got != c.text {
			t.Errorf("%v: %q; want %q", []int(c.d), got, c.text)
		}
		back, err := ParseDecisions(c.text + "\n")
		if err != nil || !slices.Equal(back, c.d) {
			t.Errorf("%q: %v, %v", c.text, back, err)
		}
	}
	if d, err := ParseDecisions("# who\n\t0 0*2\r\n\n 1"); err != nil || d.String() != "0*3 1" {
		t.Errorf("%v, %v", d, err)
	}
	if n := (Decisions{0, 0, 1, 0}).Switches(); n != 2 {
		t.Errorf("%d switches; want 2", n)
	}
}

func TestDecisionsTextAnyList(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 200 {
		d := make(Decisions, r.Intn(300))
		for i := range d {
			d[i] = r.Intn(3)
		}
		text := d.String()
		if back, err := ParseDecisions(text); err != nil || !slices.Equal(back, d) {
			t.Fatalf("%q: %v", text, err)
		}
		for _, line := range strings.Split(text, "\n") {
			if len(line) > lineLength {
				t.Fatalf("a line of %d: %q", len(line), line)
			}
		}
	}
}

func TestDecisionsErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"0 w1", `decisions line 1: "w1": "w1" is no number from 0 to 65535; want a worker, or worker*times, as in 0*12`},
		{"0\n1*", `decisions line 2: "1*": "" is no number from 1 to 1048576; want a worker, or worker*times, as in 0*12`},
		{"1*0", `decisions line 1: "1*0": "0" is no number from 1 to 1048576; want a worker, or worker*times, as in 0*12`},
		{"-1", `decisions line 1: "-1": "-1" is no number from 0 to 65535; want a worker, or worker*times, as in 0*12`},
		{"01", `decisions line 1: "01": "01" is no number from 0 to 65535; want a worker, or worker*times, as in 0*12`},
		{"65536", `decisions line 1: "65536": "65536" is no number from 0 to 65535; want a worker, or worker*times, as in 0*12`},
		{"0 1*1048576", `decisions line 1: "1*1048576" makes them 1048577; want at most 1048576`},
	} {
		if _, err := ParseDecisions(c.text); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v; want %s", c.text, err, c.want)
		}
	}
}

func FuzzParseDecisions(f *testing.F) {
	for _, seed := range []string{"", "0", "0*12 1 0*3", "1*0", "#\n2*2", "1048576*1", "0*1048576 0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDecisions(text)
		if err != nil {
			return
		}
		back, err := ParseDecisions(d.String())
		if err != nil || !slices.Equal(back, d) {
			t.Fatalf("%q: %v, %v", text, back, err)
		}
	})
}
