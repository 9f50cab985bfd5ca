package crash

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/oracle"
)

// captures are all real outputs, as seeds.
func captures(f *testing.F) (texts []string) {
	files, err := filepath.Glob("testdata/go*/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatalf("no captures: %v", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	return texts
}

// FuzzClassify cuts a part out of a text and prints another into it, as a cap on
// the output and a second goroutine do.
func FuzzClassify(f *testing.F) {
	for i, text := range captures(f) {
		f.Add(text, "fatal error: concurrent map writes\n", uint16(i*31), uint16(i*17), uint16(i*7), 2, "")
		f.Add(text, "RECOVERED panic: x", uint16(0), uint16(0), uint16(i), -1, "killed")
	}
	f.Fuzz(func(t *testing.T, text, other string, from, size, at uint16, code int, signal string) {
		cut := min(int(from), len(text))
		text = text[:cut] + text[min(cut+int(size), len(text)):]
		in := min(int(at), len(text))
		d := Death{Stderr: text[:in] + other + text[in:], ExitCode: code, Signal: signal, Own: ownMain}
		v := Classify(d)
		if v.Class == oracle.Clean {
			t.Errorf("clean: %+v", v)
		}
		if v.Detail == "" {
			t.Errorf("no detail: %+v", v)
		}
		if code == 0 && signal == "" && v.Class != oracle.Unknown && v.Class != oracle.DataRace {
			t.Errorf("a finding though the process ended well: %+v", v)
		}
		if strings.ContainsAny(v.Rule, "|\n") || strings.ContainsAny(strings.Join(v.Frames, ""), "|\n") || len(v.Frames) > maxFrames {
			t.Errorf("not fit for a signature: %+v", v)
		}
		if !v.Same(Classify(d)) {
			t.Errorf("not the same twice: %+v", v)
		}
	})
}

func FuzzGoroutines(f *testing.F) {
	for _, text := range captures(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, g := range Goroutines(text) {
			if g.ID < 0 || g.WaitMinutes < 0 || strings.Contains(g.State, "\n") {
				t.Errorf("%+v", g)
			}
			for _, fr := range g.Frames {
				if fr.Func == "" || fr.File == "" {
					t.Errorf("half a frame: %+v", fr)
				}
			}
		}
		if v := Stuck(Goroutines(text), func(Goroutine) bool { return true }, nil); v.Class != oracle.Unknown && v.Class != oracle.Hang {
			t.Errorf("%+v", v)
		}
	})
}
