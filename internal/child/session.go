package child

import (
	"context"
	"fmt"
	"time"

	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// A Session is a child that is replaced whenever it dies. It is for one
// goroutine at a time.
type Session struct {
	config   Config
	dir      string // the children's working directory
	remove   func() // removes dir
	spawn    *spawner
	current  *process           // nil if there is none
	spare    chan spawned       // the next child, started ahead; nil if none is on its way
	kind     kind               // of the current child, or the last one, and of the spare
	cancel   context.CancelFunc // stops the start of a spare
	patience time.Duration
	garbled  int // children in a row whose frames became garbage
	closed   bool
}

type spawned struct {
	p   *process
	err error
}

// NewSession makes a session. Its first child starts when it is needed.
func NewSession(c Config) (*Session, error) {
	dir, remove, err := makeWorkDir()
	if err != nil {
		return nil, &WorkDirError{err}
	}
	patience := c.Patience
	if patience == 0 {
		patience = time.Second
	}
	return &Session{config: c, dir: dir, remove: remove, spawn: newSpawner(), patience: patience}, nil
}

// Close ends the child and removes its working directory. Closing again does
// nothing.
func (s *Session) Close() {
	if s.closed {
		return
	}
	s.closed = true
	s.drop()
	s.spawn.close()
	s.remove()
}

// Renew ends the child, so that what is asked next is asked of a new one.
func (s *Session) Renew() { s.drop() }

// drop ends the child and the spare, if there are any.
func (s *Session) drop() {
	if s.current != nil {
		s.current.close()
		s.current = nil
	}
	if s.spare != nil {
		s.cancel()
		if next := <-s.spare; next.p != nil {
			next.p.close()
		}
		s.spare = nil
	}
}

// process returns a child of that kind, started if need be.
func (s *Session) process(ctx context.Context, k kind) (*process, error) {
	if s.kind != k {
		s.drop()
		s.kind = k
	}
	return s.anyProcess(ctx)
}

// anyProcess returns the child that is there, or starts one.
func (s *Session) anyProcess(ctx context.Context) (*process, error) {
	if s.current != nil {
		return s.current, nil
	}
	var next spawned
	if s.spare == nil {
		next.p, next.err = start(ctx, &s.config, s.kind, s.dir, s.spawn)
	} else {
		select {
		case next = <-s.spare:
			s.cancel()
			s.spare = nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	s.current = next.p
	return next.p, next.err
}

// discard forgets a child that has ended, and starts the next.
func (s *Session) discard() {
	s.current.close()
	s.current = nil
	s.prepare()
}

// prepare starts the next child, unless one is on its way: a target that kills
// children does so many times a second, and dying takes as long as starting.
func (s *Session) prepare() {
	if s.spare != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	spare := make(chan spawned, 1)
	s.spare, s.cancel = spare, cancel
	k := s.kind
	go func() { // received from by anyProcess or drop
		p, err := start(ctx, &s.config, k, s.dir, s.spawn)
		spare <- spawned{p, err}
	}()
}

// Hello returns what the child says of itself.
func (s *Session) Hello(ctx context.Context) (wire.Hello, error) {
	p, err := s.anyProcess(ctx)
	if err != nil {
		return wire.Hello{}, err
	}
	return p.hello, nil
}

// Describe lists the child's targets.
func (s *Session) Describe(ctx context.Context) ([]wire.Description, error) {
	done, err := s.simple(ctx, wire.Request{Do: wire.DescribeTask}, simplePatience)
	if err != nil {
		return nil, fmt.Errorf("ask a child for its targets: %w", err)
	}
	return done.Targets, nil
}

// Probe finds the sizes below limit at which a target grows and shrinks.
func (s *Session) Probe(ctx context.Context, name string, shape target.Shape, limit int) (scheduler.Growth, error) {
	done, err := s.simple(ctx, wire.Request{Do: wire.ProbeTask, Target: name, Shape: shape, Limit: limit}, simplePatience)
	if err != nil {
		return scheduler.Growth{}, fmt.Errorf("probe where %s grows: %w", name, err)
	}
	return done.Growth, nil
}
