package mapstress

import (
	"strings"
	"testing"
	"time"
)

// due is a test with a deadline.
type due struct {
	*testing.T
	at time.Time
}

func (d due) Deadline() (time.Time, bool) { return d.at, true }

// TestHookedInTime: a test whose time is over before it is built once more is told so, and is not left
// to be killed.
func TestHookedInTime(t *testing.T) {
	hooked.Lock()
	program, failed := hooked.program, hooked.failed
	hooked.program, hooked.failed = "", nil
	hooked.Unlock()
	defer func() {
		hooked.Lock()
		hooked.program, hooked.failed = program, failed
		hooked.Unlock()
	}()
	started := time.Now()
	c := &checking{t: due{t, started.Add(50 * time.Millisecond)}, engine: Controlled} // to ask for the content of all packages takes longer
	const want = "the test was not built for them in the 0.0 s that it had before its deadline"
	if _, err := c.children(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v; want %s", err, want)
	}
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}
