package child

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// background runs a job that lasts for ever unless stopped, and tells when a
// child is there to be disturbed.
func background(t *testing.T, ctx context.Context, s *Session, job Job) (outcome chan Outcome, failure chan error) {
	t.Helper()
	if _, err := s.Hello(ctx); err != nil {
		t.Fatal(err)
	}
	outcome, failure = make(chan Outcome, 1), make(chan error, 1)
	go func() { // received from by the test
		o, err := s.Run(ctx, job)
		outcome <- o
		failure <- err
	}()
	return outcome, failure
}

// A child that somebody kills is lost, which is no finding, and the runs go on.
func TestKilledFromOutside(t *testing.T) {
	s := odd(t, Config{})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if _, err := s.Hello(ctx); err != nil {
		t.Fatal(err)
	}
	child := s.current.cmd.Process // the session's goroutine starts below
	outcome, failure := background(t, ctx, s, Job{Target: "takes a while", Schedule: parse(t, twoStores), Count: 40})
	time.Sleep(200 * time.Millisecond)
	child.Kill()
	o, err := <-outcome, <-failure
	if err != nil || len(o.Found) != 0 || o.Lost != 1 || o.Tally.Runs != 40 || o.Tally.Unknown != 1 {
		t.Errorf("got %+v, %v; want 40 runs, one of them lost", o, err)
	}
}

func TestCancel(t *testing.T) {
	for _, name := range []string{"takes a while", "sleeps", "livelocks"} {
		ctx, cancel := context.WithCancel(context.Background())
		s := odd(t, Config{})
		outcome, failure := background(t, ctx, s, Job{Target: name, Schedule: parse(t, twoStores), Count: 1 << 30})
		time.Sleep(300 * time.Millisecond)
		cancel()
		cancelled := time.Now()
		o, err := <-outcome, <-failure
		if took := time.Since(cancelled); took > soon {
			t.Errorf("%s: returned after %v", name, took)
		}
		if !errors.Is(err, context.Canceled) || len(o.Found) != 0 {
			t.Errorf("%s: got %v, found %q", name, err, signatures(o))
		}
		if name == "takes a while" && o.Tally.Runs < 2 {
			t.Errorf("tally %+v; want the runs so far", o.Tally)
		}
	}
}

// What is cut off while it makes no progress may be a hang, and is said to have made none.
func TestCancelStalled(t *testing.T) {
	t.Parallel()
	for d := 2 * time.Second; ; d *= 2 { // what proves the hang comes after 16 s
		ctx, cancel := context.WithTimeout(context.Background(), d)
		o, err := odd(t, Config{Patience: time.Second}).Run(ctx, Job{Target: "waits for ever", Schedule: parse(t, twoStores), Count: 1})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || len(o.Found) != 0 {
			t.Fatalf("in %v: got %+v, %v", d, o, err)
		}
		if o.Stalled >= time.Second && o.Stalled < d {
			return
		}
		if d > 8*time.Second {
			t.Fatalf("in %v no run was seen to make no progress: %v", d, o.Stalled)
		}
	}
}

// Frames that are not frames lose a child; when that goes on, it is an error that
// quotes what came.
func TestGarbageFrames(t *testing.T) {
	s := odd(t, Config{})
	ctx := context.Background()
	one := Job{Target: "writes frames", Schedule: parse(t, "w0 store k1 v1\n"), Count: 1}
	for range maxGarbled - 1 {
		o, err := s.Run(ctx, one)
		if err != nil || len(o.Found) != 0 || o.Lost != 1 {
			t.Fatalf("got %+v, %v; want one lost", o, err)
		}
	}
	if _, err := s.Run(ctx, one); err == nil || !strings.Contains(err.Error(), "hello from the map") {
		t.Errorf("got %v; want what was read", err)
	}
	do(t, s, "correct", twoStores, 10)
	if s.garbled != 0 {
		t.Error("a child that is well does not count")
	}
}

func TestNoHello(t *testing.T) {
	for _, c := range []struct{ command, want string }{
		{"sleep 60", "nothing came in 300ms"},
		{"echo no such set >&2; exit 1", `it ended; it printed "no such set\n"`},
		{"echo hello everybody >&4; sleep 60", `garbage where a frame should be: "hello everybody\n"`},
		{`printf '\0\0\0\2{}' >&4; sleep 60`, "its first frame is another"},
		{`printf '\0\0\0\2{' >&4`, "it ended"},
	} {
		s := session(t, Config{Command: []string{"sh", "-c", c.command}, hello: 300 * time.Millisecond})
		started := time.Now()
		_, err := s.Run(context.Background(), Job{Target: "map", Schedule: parse(t, twoStores), Count: 1})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.command, err, c.want)
		}
		if took := time.Since(started); took > soon {
			t.Errorf("%s: took %v", c.command, took)
		}
	}
	s := session(t, Config{Command: []string{"/no/such/program"}})
	if _, err := s.Hello(context.Background()); err == nil || !strings.Contains(err.Error(), "start child /no/such/program") {
		t.Errorf("got %v", err)
	}
}

// Close waits for nothing, not even for the child that is being started ahead,
// and leaves nothing behind; goroutines are TestMain's business.
func TestClose(t *testing.T) {
	s := odd(t, Config{})
	do(t, s, "panics", twoStores, 1)
	if s.spare == nil {
		t.Error("no spare child is on its way")
	}
	dir := s.dir
	if err := os.WriteFile(dir+"/made by a target", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	s.Close()
	if took := time.Since(started); took > soon {
		t.Errorf("took %v", took)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there (%v)", dir, err)
	}

	slow := session(t, Config{Command: []string{"sleep", "60"}})
	slow.config.Command[0] = executable(t)
	slow.config.Set = "odd"
	do(t, slow, "correct", twoStores, 1)
	slow.config.Command = []string{"sleep", "60"} // never says hello
	slow.discard()
	started = time.Now()
	slow.Close()
	if took := time.Since(started); took > soon {
		t.Errorf("took %v while a spare started", took)
	}
}

// A session that waits for a spare child gives up with its context.
func TestCancelWhileStarting(t *testing.T) {
	s := session(t, Config{Command: []string{"sleep", "60"}})
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.Hello(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
