package wire

import (
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

func schedule(t *testing.T, text string) *scheduler.Schedule {
	t.Helper()
	s, err := scheduler.Parse("mapstress schedule v1\n" + text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What one side writes, the other reads from the same memory.
func TestJournal(t *testing.T) {
	memory := make([]byte, JournalSize)
	child, parent := NewJournal(memory), NewJournal(memory)
	child.Begin(7)
	if got := parent.Request(); got != 7 {
		t.Errorf("request %d", got)
	}
	before := parent.Progress()
	child.SetPhase(scheduler.Running)
	if parent.Phase() != scheduler.Running || parent.Progress() == before {
		t.Errorf("phase %v, progress %d after %d", parent.Phase(), parent.Progress(), before)
	}
	tally := Tally{Runs: 1, Overlapped: 2, Growth: 3, Unknown: 4, Failed: 5, Ops: 6}
	child.SetTally(tally)
	if got := parent.Tally(); got != tally {
		t.Errorf("got %+v", got)
	}
	seen := history.Seen{3, history.SeenWords - 1: 5}
	child.SetSeen(&seen)
	if got := parent.Seen(); got != seen || parent.Tally() != tally {
		t.Errorf("got %v beside %+v", got, parent.Tally())
	}
	shares := Shares{{1, 2, 3}, strategy.Count - 1: {4, 5, 6}}
	child.SetShare(0, shares[0])
	child.SetShare(strategy.Count-1, shares[strategy.Count-1])
	child.SetStrategy(2)
	if parent.Shares() != shares || parent.Strategy() != 2 || parent.Seen() != seen || parent.Tally() != tally {
		t.Errorf("got %v and %d beside %v, %+v", parent.Shares(), parent.Strategy(), parent.Seen(), parent.Tally())
	}
	if shares.Add(&shares); shares[0] != (Share{2, 4, 6}) {
		t.Errorf("got %v", shares)
	}
	tally.Add(tally)
	if want := (Tally{2, 4, 6, 8, 10, 12}); tally != want {
		t.Errorf("got %+v", tally)
	}
	before = parent.Progress()
	parent.Begin(8)
	if child.Seen() != (history.Seen{}) || child.Tally() != (Tally{}) || child.Shares() != (Shares{}) || child.Strategy() != -1 || child.Phase() != scheduler.Idle || child.Progress() == before {
		t.Errorf("a new request starts with %+v, %v", child.Tally(), child.Phase())
	}
}

func TestJournalLogs(t *testing.T) {
	memory := make([]byte, JournalSize)
	s := schedule(t, "w0 store k1 v10\nw0 load k1\nw1 load k2\n")
	theirs, err := NewJournal(memory).Logs(s)
	if err != nil {
		t.Fatal(err)
	}
	theirs.Workers[0].Begin(0, 5)
	theirs.Workers[0].End(0, 6, 0, false)
	theirs.Workers[0].Begin(1, 7)
	theirs.Workers[1].Begin(0, 8)
	ours, err := NewJournal(memory).Logs(s)
	if err != nil {
		t.Fatal(err)
	}
	h := scheduler.Partial(s, ours)
	if len(h.Events) != 3 || h.Events[0].Ret != 6 || h.Events[1].Ret != history.Pending || h.Events[2].Worker != 1 {
		t.Errorf("got %s", history.Text(h))
	}
	if NewJournal(memory).Tally() != (Tally{}) {
		t.Error("the logs are in the way of the tally")
	}
}

func TestJournalTooSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("megabytes, in one goroutine")
	}
	s := schedule(t, "w0 load k1\n")
	for range JournalSize / 32 {
		s.Workers[0] = append(s.Workers[0], s.Workers[0][0])
	}
	if _, err := NewJournal(make([]byte, JournalSize)).Logs(s); err == nil || !strings.Contains(err.Error(), "needs a log of") {
		t.Errorf("got %v", err)
	}
}
