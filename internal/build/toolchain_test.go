package build

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMissing: a toolchain is to be downloaded unless it is the one at hand, is in the module
// cache, or is a program of that name.
func TestMissing(t *testing.T) {
	out, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		t.Skip("no go command: ", err)
	}
	cache, programs := t.TempDir(), t.TempDir()
	t.Setenv("GOMODCACHE", cache)
	t.Setenv("PATH", programs+string(os.PathListSeparator)+os.Getenv("PATH"))
	if err := mkdir(filepath.Join(cache, "golang.org", "toolchain@v0.0.1-go1.91.0."+runtime.GOOS+"-"+runtime.GOARCH)); err != nil {
		t.Fatal(err)
	}
	suffix := ""
	if runtime.GOOS == "windows" {
		suffix = ".exe"
	}
	if err := os.WriteFile(filepath.Join(programs, "go1.92.0"+suffix), nil, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"": false, strings.TrimSpace(string(out)): false, "go1.91.0": false, "go1.92.0": false, "go1.93.0": true} {
		if got, err := Missing(context.Background(), name); err != nil || got != want {
			t.Errorf("%q: got %v, %v; want %v", name, got, err, want)
		}
	}
}

// TestRunInterrupted: a go command that is not wanted any more is not waited for, nor are the
// processes that it started, which hold its output.
func TestRunInterrupted(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell here: ", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	timer := time.AfterFunc(100*time.Millisecond, cancel)
	defer timer.Stop()
	started := time.Now()
	g := goCommand{program: "sh", env: os.Environ()}
	_, err := g.run(ctx, "", "-c", "sleep 150 & sleep 150")
	if took := time.Since(started); !errors.Is(err, context.Canceled) || took > time.Minute {
		t.Errorf("after %v: %v", took, err)
	}
}
