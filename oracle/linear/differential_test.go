package linear

import (
	"flag"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

var (
	histories = flag.Int("histories", 0, "how many random histories to compare with Porcupine; 0 means 200,000, or 20,000 if -short")
	seed      = flag.Uint64("seed", 0, "seed of these; 0 means that of the suite, or one of the clock if -histories is given")
)

// byPorcupine is the outcome as Porcupine sees it, through a reading of the
// methods that has nothing in common with this package's.
func byPorcupine(initial State, actions []action, limit time.Duration) Outcome {
	calls := make([]porcupine.Operation, len(actions))
	for i := range actions {
		calls[i] = porcupine.Operation{Input: &actions[i], Call: actions[i].inv, Return: actions[i].ret}
	}
	model := porcupine.Model{
		Init: func() any { return initial },
		Step: func(state, input, _ any) (bool, any) { return input.(*action).step(state.(State)) },
		Hash: func(state any) uint64 { s := state.(State); return s.Value * 0x9e3779b97f4a7c15 },
	}
	switch porcupine.CheckOperationsTimeout(model, calls, limit) {
	case porcupine.Ok:
		return Ok
	case porcupine.Illegal:
		return Illegal
	}
	return Unknown
}

// Of random histories, most of up to 21 ops and every 100th of up to 80 by 12
// workers, each has the outcome that Porcupine finds. To compare more of them:
//
//	go test ./oracle/linear -run Differential -histories 3000000 -timeout 0
func TestDifferential(t *testing.T) {
	n, from := 200000, uint64(1)
	if testing.Short() {
		n = 20000
	}
	if *histories > 0 {
		n, from = *histories, uint64(time.Now().UnixNano())
	}
	if *seed != 0 {
		from = *seed
	}
	t.Logf("seed %d", from)
	var c Checker
	count := map[Outcome]int{}
	large, searched, unknown := 0, 0, 0
	for i := 0; i < n; i++ {
		r := rand.New(rand.NewPCG(from, uint64(i)))
		s := randomSim(r, 16)
		if i%100 == 0 {
			s.workers = 2 + r.IntN(11)
			s.ops = 20 + r.IntN(61)
		}
		actions := s.run()
		want := byPorcupine(s.initial, actions, time.Second)
		if want == Unknown {
			unknown++
			continue
		}
		ops := opsOf(actions)
		if got := c.both(t, s.initial, ops); got != want {
			ids, why := c.Blame()
			t.Fatalf("history %d of seed %d: got %v (%v: %s), want %v\n%s", i, from, got, ids, why, want, showActions(s.initial, actions))
		}
		count[want]++
		if c.adds || len(c.pieces) > 0 {
			searched++
		}
		if len(actions) > 21 {
			large++
		}
	}
	t.Logf("%v, %d of more than 21 ops, %d searched in part, %d too hard for Porcupine; %s", count, large, searched, unknown, runtime.Version())
	if count[Ok]*4 < n || count[Illegal]*5 < n || searched*10 < n || unknown*100 > n {
		t.Error("too one-sided")
	}
}
