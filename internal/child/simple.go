package child

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/oracle/crash"
)

// simplePatience is how long a request without runs may take, unless stacks
// prove earlier that it never ends.
const simplePatience = time.Minute

// makePatience is how long a map may take to be made. A test makes it shorter.
var makePatience = 10 * time.Second

// A MakingError says that a map cannot be made, for what happened to the child.
type MakingError struct {
	What string // such as: it blocks
	// Left is set if the goroutine was ended that should make the map, as a test's Fatal and Skip do.
	Left bool
}

func (e *MakingError) Error() string { return e.What }

// Make has the child make a map of each of its targets, and reports a MakingError if that does
// not come to an end.
func (s *Session) Make(ctx context.Context) error {
	_, err := s.simple(ctx, wire.Request{Do: wire.DescribeTask}, makePatience)
	var stalled *stall
	var died *deathError
	switch {
	case errors.As(err, &stalled):
		where := within(crash.Goroutines(stalled.stacks), serving)
		if !stalled.verdict.Class.Finding() { // that is, as far as is known
			where = fmt.Sprintf(" in %v%s", makePatience, where)
		}
		return &MakingError{What: "does not return" + where}
	case errors.As(err, &died) && died.code >= 0:
		return &MakingError{What: fmt.Sprintf("ends the process with exit code %d, as os.Exit and log.Fatal do; it printed%s", died.code, printedText(died.printed))}
	case errors.As(err, &died) && died.ours: // by a fault of the machine, say
	case errors.As(err, &died):
		return &MakingError{"fails: " + died.how, strings.Contains(died.how, "called runtime.Goexit")}
	}
	return err
}

func printedText(text string) string {
	if text == "" {
		return " nothing"
	}
	return fmt.Sprintf(" %q", cutText(text, 500))
}

// simple asks for something that no child should die of.
func (s *Session) simple(ctx context.Context, req wire.Request, patience time.Duration) (*wire.Done, error) {
	p, err := s.anyProcess(ctx)
	if err != nil {
		return nil, err
	}
	done, err := p.ask(ctx, asking{Request: req, patience: []time.Duration{min(s.patience, patience/2), patience}})
	var refused *RequestError
	if err == nil || errors.As(err, &refused) {
		return done, err
	}
	if errors.Is(err, errDied) {
		err = deathOf(p)
	}
	s.discard()
	return nil, err
}

// A deathError is an errDied with what the child died of.
type deathError struct {
	how     string // what it means and where it was, or, if that is not known, what was printed
	printed string
	code    int  // with which the target ended it itself; -1 if it did not
	ours    bool // it is none of the target's doing, as far as is known
}

func (e *deathError) Error() string { return errDied.Error() + ": " + e.how }

func (e *deathError) Unwrap() error { return errDied }

func deathOf(p *process) *deathError {
	e := &deathError{printed: strings.TrimSpace(p.printed.text()), code: -1}
	v, err := autopsy(p)
	state := p.cmd.ProcessState
	switch {
	case err == nil && state.Exited() && (state.ExitCode() == 0 || v.Rule == crash.Exited):
		e.code = state.ExitCode()
		e.how = fmt.Sprintf("the target ended the process with exit code %d; it printed%s", e.code, printedText(e.printed))
	case err != nil || !v.Class.Finding():
		e.how, e.ours = "it printed"+printedText(e.printed), true
	default:
		gs := crash.Goroutines(e.printed)
		e.how = v.Detail + within(gs[:min(1, len(gs))], func(crash.Goroutine) bool { return true }) // who died is told first
	}
	return e
}

// within names the innermost function of the target's on the first of the goroutines that are selected,
// as the end of a sentence.
func within(gs []crash.Goroutine, selected func(crash.Goroutine) bool) string {
	i := slices.IndexFunc(gs, selected)
	if i < 0 {
		return ""
	}
	for _, f := range gs[i].Frames {
		if f.Func != "panic" && !standard(f.Func) && !own(f.Func) {
			text := fmt.Sprintf(", in %s (%s:%d)", f.Func, filepath.Base(f.File), f.Line)
			if state := gs[i].State; state != "" && !strings.HasPrefix(state, "run") {
				text += ": " + state
			}
			return text
		}
	}
	return ""
}

// serving selects the goroutine that does what was asked.
func serving(g crash.Goroutine) bool {
	return slices.ContainsFunc(g.Frames, func(f crash.Frame) bool { return strings.HasSuffix(f.Func, "internal/child/serve.(*server).serve") })
}

// standard reports whether a function is one of those packages of the standard library that a target
// waits or dies in.
func standard(function string) bool {
	pkg, _, _ := strings.Cut(function, ".")
	return slices.Contains([]string{"runtime", "runtime/debug", "sync", "sync/atomic", "time", "os", "log", "syscall"}, pkg) || strings.HasPrefix(pkg, "internal/")
}
