//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
)

// A running is the command, running in a directory of its own.
type running struct {
	*exec.Cmd
	stdout, stderr bytes.Buffer  // for use once it has ended
	ended          chan struct{} // closed once err is there
	err            error         // of Wait
}

func start(t *testing.T, args ...string) *running {
	t.Helper()
	return startIn(t, t.TempDir(), args...)
}

func startIn(t *testing.T, dir string, args ...string) *running {
	t.Helper()
	r := &running{Cmd: exec.Command("mapstress", args...), ended: make(chan struct{})}
	r.Dir, r.Stdout, r.Stderr = dir, &r.stdout, &r.stderr
	// No child of it may keep the pipes open for longer than that.
	r.WaitDelay = 10 * time.Second
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { // ended by the end of the process; r.ended tells
		defer close(r.ended)
		r.err = r.Wait()
	}()
	t.Cleanup(func() {
		r.Process.Kill() // fails if it has ended, as it should have
		<-r.ended
	})
	return r
}

const corpusFiles = "testdata/mapstress/*/*.txtar"

// cases waits until the corpus has a case.
func (r *running) cases(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		files, err := filepath.Glob(filepath.Join(r.Dir, corpusFiles))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) > 0 {
			return
		}
		select {
		case <-r.ended:
			t.Fatalf("ended without a case: %v; stderr:\n%s", r.err, &r.stderr)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatal("no case in 30 s")
		}
	}
}

func (r *running) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := r.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// TestInterrupt: Ctrl-C ends the search, which then says what it had.
//
// Odds of no case of the built-in map in 30 s: it has hundreds of failing runs in a
// second, a few if the machine is busy.
func TestInterrupt(t *testing.T) {
	r := start(t, "fuzz", "map", "--duration", "10m", "--seed", "7")
	r.cases(t)
	r.signal(t, os.Interrupt)
	<-r.ended
	if code := r.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d (%v); want %d; stderr:\n%s", code, r.err, exitInterrupted, &r.stderr)
	}
	out := r.stdout.String()
	for _, want := range []string{"\ninterrupted: this is what there was by then\n", "\nmap   not for concurrent use", "\n    mapstress replay testdata/mapstress/map/"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// TestInterruptTwice: more signals end the process at once, if the first one has
// not done so by then. Either way it ends, and by nothing else.
func TestInterruptTwice(t *testing.T) {
	r := start(t, "fuzz", "map", "--duration", "10m", "--seed", "7")
	r.cases(t)
	r.signal(t, os.Interrupt)
	for {
		select {
		case <-r.ended:
			// By the second signal, or by the first if it was so fast.
			status := r.ProcessState.Sys().(syscall.WaitStatus)
			if status.Signal() != syscall.SIGINT && status.ExitStatus() != exitInterrupted {
				t.Errorf("ended with %v", r.ProcessState)
			}
			return
		case <-time.After(time.Millisecond):
			if err := r.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
		}
	}
}

// TestKilledParent: whatever ends the parent, the cases on disk are whole, and the
// children end with it.
func TestKilledParent(t *testing.T) {
	r := start(t, "fuzz", "map", "--duration", "10m", "--seed", "7")
	r.cases(t)
	if !testing.Short() {
		time.Sleep(time.Second) // in the middle of whatever it does then
	}
	r.signal(t, os.Kill)
	// Wait waits for the pipes too, which the children have; that they close says
	// that there are none left.
	if <-r.ended; errors.Is(r.err, exec.ErrWaitDelay) {
		t.Error("children outlived their parent")
	}
	files, err := filepath.Glob(filepath.Join(r.Dir, corpusFiles))
	if err != nil || len(files) == 0 {
		t.Errorf("%d cases: %v", len(files), err)
	}
	for _, file := range files {
		if _, err := corpus.ReadFile(file); err != nil {
			t.Error(err)
		}
	}
	replay := exec.Command("mapstress", "replay", "--runs", "20", "testdata/mapstress")
	replay.Dir = r.Dir
	out, err := replay.CombinedOutput()
	if code := replay.ProcessState.ExitCode(); code != exitClean && code != exitFinding {
		t.Errorf("replay ended with %d: %v\n%s", code, err, out)
	}
}
