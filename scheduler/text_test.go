package scheduler

import (
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

func TestText(t *testing.T) {
	s := &Schedule{
		Shape:   target.Shape{Key: "int", Value: "string"},
		Prefill: 8,
		Workers: [][]history.Op{
			{{Kind: history.Store, Key: 9, Value: 100}, {Kind: history.Load, Key: 9}},
			{{Kind: history.CompareAndSwap, Key: 9, Old: 100, Value: 7}},
			{},
		},
		Timing: Timing{Start: Spin, Procs: 2, Gosched: 25, Spin: 255, Seed: 1<<64 - 1},
	}
	const text = `mapstress schedule v1
shape int/string
prefill 8
timing start=spin procs=2 gosched=25 spin=255 seed=18446744073709551615
w0 store k9 v100
w0 load k9
w1 compare-and-swap k9 v100 v7
w2 idle
`
	if got := s.Text(); got != text {
		t.Errorf("got\n%s\nwant\n%s", got, text)
	}
	got, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, s) {
		t.Errorf("got %+v, want %+v", got, s)
	}
}

// What a person may write by hand is read, and comes out in canonical form.
func TestParse(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"the least", "mapstress schedule v1\nw0 clear", "w0 clear\n"},
		{"comments, blanks, spaces", "# why\n\n  mapstress schedule v1  \r\n# more\nw0  load   k1 \r\n\n", "w0 load k1\n"},
		{"mixed workers", "mapstress schedule v1\nw1 load k1\nw0 clear\nw1 len", "w0 clear\nw1 load k1\nw1 len\n"},
		{"settings last", "mapstress schedule v1\nw0 clear\nprefill 3\nshape int/int", "shape int/int\nprefill 3\nw0 clear\n"},
		{"some of the timing", "mapstress schedule v1\ntiming seed=5 procs=1\nw0 clear",
			"timing start=spin procs=1 gosched=0 spin=0 seed=5\nw0 clear\n"},
		{"a peak", "mapstress schedule v1\nprefill 3 peak=9\nw0 clear", "prefill 3 peak=9\nw0 clear\n"},
		{"a peak above nothing", "mapstress schedule v1\nprefill 0 peak=9\nw0 clear", "prefill 0 peak=9\nw0 clear\n"},
		{"zero settings", "mapstress schedule v1\nprefill 0\ntiming start=spin\nw0 clear", "w0 clear\n"},
		{"all of the timing", "mapstress schedule v1\ntiming noise=1/64 stalled=w1 nopreempt=1 gc=1 lock=1\nw0 clear\nw1 len",
			"timing start=spin procs=0 gosched=0 spin=0 seed=0 lock=1 gc=1 nopreempt=1 stalled=w1 noise=1/64\nw0 clear\nw1 len\n"},
		{"switches that are off", "mapstress schedule v1\ntiming lock=0 gc=0 nopreempt=0\nw0 clear", "w0 clear\n"},
		{"a shape with slashes", "mapstress schedule v1\nshape a/b/c\nw0 clear", "shape a/b/c\nw0 clear\n"},
	} {
		s, err := Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := s.Text(); got != Header+"\n"+c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	const words = `; want shape, prefill, rounds, timing, or a worker: w0 to w63`
	for text, want := range map[string]string{
		"":                                   `schedule is empty; want a first line "mapstress schedule v1"`,
		"# only a comment":                   `schedule is empty; want a first line "mapstress schedule v1"`,
		"w0 clear":                           `schedule line 1: got "w0 clear"; want "mapstress schedule v1"`,
		"\nmapstress schedule v2":            `schedule line 2: format version "2" is not known to this mapstress; want "mapstress schedule v1"`,
		"mapstress schedule v1":              `schedule: 0 workers; want 1 to 64`,
		"H\nw0 inside load k1":               `schedule: w0 calls "inside load k1" after no compute or range whose function could`,
		"H\nw0 range\nw0 len\nw0 inside len": `schedule: w0 calls "inside len" after no compute or range whose function could`,
		"H\nw0 idle":                         `schedule: 0 ops; want 1 to 1048576`,
		"H\nw0 stor k1 v1":                   unknownStor,
		"H\n\n# x\nw0 load v1":               `schedule line 4: "v1" is not k and a number; want "load kN"`,
		"H\nw0":                              `schedule line 2: no op; want one such as "store k1 v7"`,
		"H\nw64 clear":                       `schedule line 2: unknown word "w64"` + words,
		"H\nw00 clear":                       `schedule line 2: unknown word "w00"` + words,
		"H\nw-1 clear":                       `schedule line 2: unknown word "w-1"` + words,
		"H\n0 clear":                         `schedule line 2: unknown word "0"` + words,
		"H\n-- history --":                   `schedule line 2: unknown word "--"` + words,
		"H\nw1 clear":                        `schedule has ops of worker w1 but none of w0; number the workers from 0 without gaps`,
		"H\nw0 clear\nw0 idle":               `schedule line 3: w0 is idle, but has another line`,
		"H\nw0 idle\nw0 clear":               `schedule line 3: w0 has an op, but is idle`,
		"H\nprefill 1\nprefill 2":            `schedule line 3: a second "prefill"; want one at most`,
		"H\nprefill -1":                      `schedule line 2: prefill "-1"; want a number of entries, 0 to 1048576`,
		"H\nprefill 1048577":                 `schedule line 2: prefill "1048577"; want a number of entries, 0 to 1048576`,
		"H\nprefill 3 peak=3":                `schedule line 2: peak "3" of a prefill of 3; want a larger number of entries, to 1048576`,
		"H\nprefill 3 peak=":                 `schedule line 2: peak "" of a prefill of 3; want a larger number of entries, to 1048576`,
		"H\nprefill 3 peak=1048577":          `schedule line 2: peak "1048577" of a prefill of 3; want a larger number of entries, to 1048576`,
		"H\nprefill":                         `schedule line 2: prefill ""; want a number of entries, 0 to 1048576`,
		"H\nshape int":                       `schedule line 2: shape "int"; want KEY/VALUE such as "int/string"`,
		"H\nshape /int":                      `schedule line 2: shape "/int"; want KEY/VALUE such as "int/string"`,
		"H\nshape int / int":                 `schedule line 2: shape "int / int"; want KEY/VALUE such as "int/string"`,
		"H\ntiming procs":                    `schedule line 2: timing "procs"; want NAME=VALUE`,
		"H\ntiming cpu=2":                    `schedule line 2: timing "cpu=2": want start, procs, gosched, spin, seed, lock, gc, nopreempt, stalled or noise`,
		"H\ntiming noise=64":                 `schedule line 2: timing "noise=64": "64"; want a share such as 1/64, or 0 for none`,
		"H\ntiming noise=1/0":                `schedule line 2: timing "noise=1/0": "1/0"; want a share such as 1/64, or 0 for none`,
		"H\ntiming noise=1/1048577":          `schedule line 2: noise=1/1048577; want 1/1 to 1/1048576`,
		"H\ntiming lock=yes":                 `schedule line 2: timing "lock=yes": "yes"; want 1 for on or 0 for off`,
		"H\ntiming gc=":                      `schedule line 2: timing "gc=": ""; want 1 for on or 0 for off`,
		"H\ntiming nopreempt=2":              `schedule line 2: timing "nopreempt=2": "2"; want 1 for on or 0 for off`,
		"H\ntiming stalled=1":                `schedule line 2: timing "stalled=1": "1" is not a worker; want w0 to w63`,
		"H\ntiming stalled=w64":              `schedule line 2: timing "stalled=w64": "w64" is not a worker; want w0 to w63`,
		"H\nw0 len\ntiming stalled=w1":       `schedule: stalled=w1; want one of the workers, w0 to w0`,
		"H\ntiming start=now":                `schedule line 2: timing "start=now": unknown start "now"; want one of spin, go, barrier`,
		"H\ntiming procs=two":                `schedule line 2: timing "procs=two": "two" is not a number, or too large`,
		"H\ntiming procs=257":                `schedule line 2: procs=257; want 0 to 256`,
		"H\ntiming gosched=101":              `schedule line 2: gosched=101; want a percentage, 0 to 100`,
		"H\ntiming spin=-1":                  `schedule line 2: spin=-1; want 0 to 1048576`,
		"H\ntiming seed=-1":                  `schedule line 2: timing "seed=-1": "-1" is not a number, or too large`,
		"H\ntiming seed=1e3":                 `schedule line 2: timing "seed=1e3": "1e3" is not a number, or too large`,
		"H\nw0 store k1 v2147483648":         `schedule line 2: "v2147483648" is not v and a number from 0 to 2147483647; want "store kN vN"`,
		"H\n" + strings.Repeat("x", 70):      `schedule line 2: unknown word "` + strings.Repeat("x", 60) + `..."` + words,
		"H\n" + strings.Repeat("x", 2<<20):   `schedule line 2: bufio.Scanner: token too long`,
	} {
		text = strings.Replace(text, "H\n", Header+"\n", 1)
		if _, err := Parse(text); err == nil || err.Error() != want {
			t.Errorf("%.80q:\n got %v\nwant %s", text, err, want)
		}
	}
}

const unknownStor = `schedule line 2: unknown op "stor"; want one of load, store, load-or-store, load-and-delete, delete, swap, ` +
	`compare-and-swap, compare-and-delete, compute, increment, range, len, is-empty, clear, clone`

func TestParseTooManyOps(t *testing.T) {
	if testing.Short() {
		t.Skip("megabytes, in one goroutine")
	}
	text := Header + "\n" + strings.Repeat("w0 clear\n", MaxOps+1)
	const want = "schedule: 1048577 ops; want 1 to 1048576"
	if _, err := Parse(text); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// FuzzParse: whatever parses is valid, and has a canonical form that says the same.
func FuzzParse(f *testing.F) {
	f.Add("")
	f.Add(Header + "\nshape int/[4]int\nprefill 8\ntiming start=barrier procs=2 gosched=25 spin=255 seed=31\nw0 store k9 v100\nw1 idle\nw2 len\n")
	f.Add(Header + "\ntiming lock=1 gc=1 nopreempt=1 stalled=w1 noise=1/8\nw0 len\nw1 idle\n")
	f.Add(Header + "\r\n# x\nw1 compare-and-swap k1 v2 v3\nw0 range\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			return
		}
		if err := s.Validate(); err != nil {
			t.Fatalf("parsed, but not valid: %v", err)
		}
		again, err := Parse(s.Text())
		if err != nil {
			t.Fatalf("%v, in the canonical form\n%s", err, s.Text())
		}
		if !reflect.DeepEqual(again, s) || again.Text() != s.Text() {
			t.Fatalf("got %+v, want %+v", again, s)
		}
	})
}

func TestRandomSchedulesRoundTrip(t *testing.T) {
	for seed := int64(0); seed < 500; seed++ {
		s := randomSchedule(rand.New(rand.NewSource(seed)))
		got, err := Parse(s.Text())
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !reflect.DeepEqual(got, s) {
			t.Fatalf("seed %d: got %+v, want %+v", seed, got, s)
		}
	}
}

func randomSchedule(r *rand.Rand) *Schedule {
	s := &Schedule{Prefill: r.Intn(20)}
	if r.Intn(2) == 0 {
		s.Shape = target.Shape{Key: "int", Value: "2KiB"}
	}
	if r.Intn(2) == 0 {
		s.Timing = Timing{Start: Start(r.Intn(int(starts))), Procs: r.Intn(MaxProcs), Gosched: r.Intn(101), Spin: r.Intn(MaxSpin), Seed: r.Uint64()}
	}
	for w := 1 + r.Intn(4); w > 0; w-- {
		ops := []history.Op{}
		for n := r.Intn(5); n > 0; n-- {
			ops = append(ops, history.Op{Kind: history.CompareAndDelete, Key: uint64(r.Intn(99)), Old: uint64(r.Intn(history.MaxCode))})
		}
		s.Workers = append(s.Workers, ops)
	}
	s.Workers[0] = append(s.Workers[0], history.Op{Kind: history.Range})
	if t := &s.Timing; r.Intn(2) == 0 {
		t.Lock, t.GC, t.NoPreempt, t.Stalled = r.Intn(2) == 0, r.Intn(2) == 0, r.Intn(2) == 0, r.Intn(len(s.Workers)+1)
	}
	return s
}
