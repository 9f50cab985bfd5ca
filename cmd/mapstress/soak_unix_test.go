//go:build unix

package main

import (
	"encoding/json"
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

// A soakState is what these tests read of a soak.json.
type soakState struct {
	Seed   string  `json:"seed"`
	Done   bool    `json:"done"`
	Used   float64 `json:"used"`
	Slices int     `json:"slices"`
	Cases  []struct {
		Path string `json:"path"`
	} `json:"cases"`
	Findings []struct {
		Path string `json:"path"`
	} `json:"findings"`
	Searched []struct {
		Runs struct {
			Runs uint64 `json:"runs"`
		} `json:"runs"`
	} `json:"searched"`
}

// soakState reads the state, which must be whole whenever it is there.
func (r *running) soakState(t *testing.T) (s soakState, ok bool) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(r.Dir, "mapstress-soak", "soak.json"))
	if errors.Is(err, os.ErrNotExist) {
		return s, false
	}
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	xml, err := os.ReadFile(filepath.Join(r.Dir, "mapstress-soak", "junit.xml"))
	if err == nil {
		_, err = countElements(string(xml))
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("%v in\n%s", err, xml)
	}
	return s, true
}

// soaking starts a soak, and waits until it has got somewhere: a case is replayed, some
// slices are searched, and something is found. One of which half is over before, since the
// machine is busy, was too short: it might have no slice left to go on with. A longer one is
// started.
//
// Odds of no finding in 12 s: the built-in map fails hundreds of times in a second
// of its slices, a few times if the machine is busy.
func soaking(t *testing.T) (*running, soakState) {
	t.Helper()
	for duration := 12 * time.Second; duration < 3*time.Minute; duration *= 3 {
		r := startSoak(t, duration)
		for over := false; !over; time.Sleep(5 * time.Millisecond) {
			s, ok := r.soakState(t)
			late := s.Used > duration.Seconds()/2
			if ok && len(s.Cases) == 1 && s.Slices > 2 && len(s.Findings) > 0 && !late {
				return r, s
			}
			if late {
				_ = r.Process.Kill() // it may have ended
			}
			select {
			case <-r.ended:
				t.Logf("a soak of %v got nowhere in the half of it: %v; stderr:\n%s", duration, r.err, &r.stderr)
				over = true
			default:
			}
		}
	}
	t.Fatal("no soak got anywhere")
	return nil, soakState{}
}

// startSoak starts a soak in a directory whose corpus has one case.
func startSoak(t *testing.T, duration time.Duration) *running {
	t.Helper()
	data, err := os.ReadFile("testdata/case/first-store.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	kept := filepath.Join(dir, "testdata/mapstress/buggy-check-then-act/kept.txtar")
	if err := os.MkdirAll(filepath.Dir(kept), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return startIn(t, dir, "soak", "map", "buggy-check-then-act", "--duration", duration.String(), "--replay-time", "500ms")
}

// goOn runs the soak in the same directory to its end, and checks that it went on
// from where it was.
func (r *running) goOn(t *testing.T, before soakState) {
	t.Helper()
	again := exec.Command("mapstress", "soak")
	again.Dir = r.Dir
	out, err := again.CombinedOutput()
	// 1: the kept case failed, or the bug was found; 0 if neither.
	if code := again.ProcessState.ExitCode(); code != exitClean && code != exitFinding {
		t.Fatalf("ended with %d: %v\n%s", code, err, out)
	}
	after, ok := r.soakState(t)
	if !ok || !after.Done || after.Seed != before.Seed || after.Slices <= before.Slices || len(after.Cases) != 1 ||
		len(after.Findings) < len(before.Findings) || after.Searched[0].Runs.Runs < before.Searched[0].Runs.Runs {
		t.Errorf("%+v went on from %+v\n%s", after, before, out)
	}
	for _, f := range after.Findings {
		if _, err := corpus.ReadFile(filepath.Join(r.Dir, f.Path)); err != nil {
			t.Errorf("a finding is not kept: %v", err)
		}
	}
	left, err := filepath.Glob(filepath.Join(r.Dir, "mapstress-soak", ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("%q are left, %v", left, err)
	}
}

// TestSoakKilled: a soak that is killed leaves whole files and no children, and goes
// on from there.
func TestSoakKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 12 s")
	}
	t.Parallel()
	r, before := soaking(t)
	r.signal(t, os.Kill)
	if <-r.ended; errors.Is(r.err, exec.ErrWaitDelay) {
		t.Error("children outlived their parent")
	}
	if s, ok := r.soakState(t); !ok || s.Done || s.Used <= 0 {
		t.Errorf("left %+v", s)
	}
	r.goOn(t, before)
}

// TestSoakTerminated: SIGTERM ends a soak after it has written what it had.
func TestSoakTerminated(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 12 s")
	}
	t.Parallel()
	r, _ := soaking(t)
	r.signal(t, syscall.SIGTERM)
	<-r.ended
	if code := r.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d (%v); want %d; stderr:\n%s", code, r.err, exitInterrupted, &r.stderr)
	}
	report, err := os.ReadFile(filepath.Join(r.Dir, "mapstress-soak", "report.txt"))
	if err != nil || string(report) == "" || !strings.Contains(r.stdout.String(), string(report)) {
		t.Errorf("report.txt, %v:\n%s\nprinted:\n%s", err, report, &r.stdout)
	}
	if !strings.Contains(string(report), "\nnot finished: ") || !strings.Contains(string(report), "\nnext: mapstress soak --out mapstress-soak\n") {
		t.Errorf("the report does not say how to go on:\n%s", report)
	}
	before, _ := r.soakState(t)
	r.goOn(t, before)
}
