package child

import (
	"context"
	"errors"
	"time"

	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

// An asking is a request under way.
type asking struct {
	wire.Request
	runs     *scheduler.Schedule // nil if it runs none
	patience []time.Duration     // see watchdog
	failed   func(wire.Failure)  // told of failing runs
	doubtful func()              // told when the child first prints: it may be dying; or nil
}

// errDied means that the child ended before it was done.
var errDied = errors.New("the child ended before it answered")

// A stall means that a child had to be ended because it made no progress.
type stall struct {
	verdict oracle.Verdict // unknown if it may have been merely slow
	stacks  string
}

func (s *stall) Error() string {
	text := "the child made no progress: " + s.verdict.Detail
	if s.verdict.Class.Finding() { // it says where
		return text
	}
	return text + "; its goroutines:\n" + cutText(s.stacks, 4000)
}

// A RequestError is a child's word that it cannot do what was asked: a schedule
// that does not parse, an op that the target does not have. The child is well.
type RequestError struct{ Reason string }

func (e *RequestError) Error() string { return e.Reason }

// ask sends a request and waits for the end of its answer. On any error but a
// RequestError the process has ended: an error that is errDied, a *stall, what was
// wrong with its frames, or ctx's.
func (p *process) ask(ctx context.Context, a asking) (*wire.Done, error) {
	p.lastID++
	a.ID = p.lastID
	p.journal.Begin(a.ID) // so that a child that dies at once leaves no old counts
	if err := wire.Write(p.requests, a.Request); err != nil {
		p.kill()
		return nil, errDied
	}
	dog := watch(p, a.runs, a.patience)
	ticker := time.NewTicker(min(tick, a.patience[0]/4))
	defer ticker.Stop()
	var begun chan struct{}
	if a.doubtful != nil {
		begun = p.printed.begun
	}
	for {
		select {
		case <-begun:
			begun = nil
			a.doubtful()
		case f, ok := <-p.frames:
			if !ok {
				p.kill()
				if p.garbage != nil {
					return nil, p.garbage
				}
				return nil, errDied
			}
			if f.ID != a.ID {
				continue // a look that came too late
			}
			switch {
			case f.Error != "":
				return nil, &RequestError{f.Error}
			case f.Failure != nil:
				a.failed(*f.Failure)
			case f.Done != nil:
				return f.Done, nil
			case f.Look != nil:
				if s := dog.see(f.Look); s != nil {
					p.kill()
					return nil, s
				}
			}
		case <-ticker.C:
			if s := dog.tick(a.ID); s != nil {
				return nil, s
			}
		case <-ctx.Done():
			p.idle = dog.idle()
			p.kill()
			return nil, ctx.Err()
		}
	}
}

// lookTime is how long a child has to send its stacks, each way.
const lookTime = 3 * time.Second

// tick asks for looks when they are due. If the last one is not answered, even
// the child's own goroutines are stuck: SIGQUIT gets the stacks from the runtime.
func (w *watchdog) tick(request uint64) *stall {
	if w.due() && w.asked.IsZero() {
		w.asked = time.Now()
		wire.Write(w.p.requests, wire.Request{ID: request, Do: wire.LookTask}) // if it fails, the frames end
	}
	if !w.last() || w.asked.IsZero() || time.Since(w.asked) < lookTime {
		return nil
	}
	if w.check() {
		w.asked = time.Time{}
		return nil
	}
	burning := w.burning()
	if w.p.quit() == nil {
		select {
		case <-w.p.ended:
		case <-time.After(lookTime):
		}
	}
	w.p.kill()
	stacks := w.p.printed.text()
	return &stall{w.judge(stacks, burning), stacks}
}

// see judges a look, and answers nil if it is to be waited for more.
func (w *watchdog) see(look *wire.Look) *stall {
	w.asked = time.Time{}
	if w.check() || w.looks == 0 {
		return nil // it got on after all
	}
	verdict := oracle.Verdict{Rule: "no-progress", Detail: "too many goroutines to judge"}
	if !look.Cut {
		verdict = w.judge(look.Stacks, w.burning())
	}
	if !verdict.Class.Finding() && !w.last() {
		return nil
	}
	return &stall{verdict, look.Stacks}
}
