package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fullWriter takes some bytes, and then no more.
type fullWriter struct{ left int }

var errFull = errors.New("no space left")

func (w *fullWriter) Write(p []byte) (int, error) {
	if len(p) > w.left {
		return 0, errFull
	}
	w.left -= len(p)
	return len(p), nil
}

// TestLostResults: results that could not be written are no clean verdict, and are told
// once; a finding stays one.
func TestLostResults(t *testing.T) {
	dir := t.TempDir()
	file := func(name, ops string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(ops), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	script, err := os.ReadFile("testdata/script/check.txtar")
	if err != nil {
		t.Fatal(err)
	}
	section := func(name string) string {
		_, text, found := strings.Cut(string(script), "-- "+name+" --\n")
		if !found {
			t.Fatalf("check.txtar has no %s", name)
		}
		text, _, _ = strings.Cut(text, "\n-- ")
		return text + "\n"
	}
	good, bad := file("good.txt", section("good.txt")), file("bad.txt", section("bad.txt"))

	for _, c := range []struct {
		name  string
		args  []string
		room  int
		code  int
		wrong bool
	}{
		{"clean", []string{"check", good}, 1 << 20, exitClean, false},
		{"clean, lost", []string{"check", good}, 0, exitBroken, true},
		{"clean in JSON, lost", []string{"check", "--json", good}, 0, exitBroken, true},
		{"finding", []string{"check", bad}, 1 << 20, exitFinding, false},
		{"finding, lost", []string{"check", bad}, 0, exitFinding, true},
		{"list, lost by the subcommand itself", []string{"scenarios"}, 0, exitBroken, true},
		{"usage, with nothing to write", []string{"check"}, 0, exitUsage, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stderr strings.Builder
			code := Main(context.Background(), c.args, strings.NewReader(""), &fullWriter{left: c.room}, &stderr)
			if code != c.code {
				t.Errorf("exit code %d, want %d; stderr %q", code, c.code, stderr.String())
			}
			want := 0
			if c.wrong {
				want = 1
			}
			if n := strings.Count(stderr.String(), errFull.Error()); n != want {
				t.Errorf("told %d times that results are lost, want %d: %q", n, want, stderr.String())
			}
		})
	}
}
