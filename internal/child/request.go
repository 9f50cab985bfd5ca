package child

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mapstress/mapstress/internal/child/wire"
)

// errNoAnswer means that the child ended, or had to be ended, before it was done.
var errNoAnswer = errors.New("the child ended before it answered")

// quitTime is how long a stuck child has to print its stacks.
const quitTime = 5 * time.Second

// ask sends a request and waits for the end of its answer. It returns
// errNoAnswer if the child is gone instead, with hung set if it was ended for
// making no progress. The process has ended whenever err is not nil, unless it is
// a RequestError.
func (p *process) ask(ctx context.Context, req wire.Request, patience time.Duration, onFailure func(wire.Failure)) (done *wire.Done, hung bool, err error) {
	p.lastID++
	req.ID = p.lastID
	p.journal.Begin(req.ID) // so that a child that dies at once leaves no old counts
	if err := wire.Write(p.requests, req); err != nil {
		p.kill()
		return nil, false, errNoAnswer
	}
	dog := watch(p, patience)
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case f, ok := <-p.frames:
			switch {
			case !ok:
				p.kill()
				if p.garbage != nil {
					return nil, false, fmt.Errorf("child: %w", p.garbage)
				}
				return nil, false, errNoAnswer
			case f.Error != "":
				return nil, false, &RequestError{f.Error}
			case f.Failure != nil && f.ID == req.ID:
				onFailure(*f.Failure)
			case f.Done != nil && f.ID == req.ID:
				return f.Done, false, nil
			}
		case <-ticker.C:
			if dog.stuck() {
				p.dump()
				return nil, true, errNoAnswer
			}
		case <-ctx.Done():
			p.kill()
			return nil, false, ctx.Err()
		}
	}
}

// A RequestError is a child's word that it cannot do what was asked: a schedule
// that does not parse, an op that the target does not have. The child is well.
type RequestError struct{ Reason string }

func (e *RequestError) Error() string { return e.Reason }

// dump ends a stuck process in a way that makes it print its goroutines' stacks.
func (p *process) dump() {
	if p.quit() == nil {
		select {
		case <-p.ended:
		case <-time.After(quitTime):
		}
	}
	p.kill()
}
