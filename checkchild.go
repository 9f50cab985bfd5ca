package mapstress

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/build"
	"github.com/mapstress/mapstress/internal/child"
)

// checks counts the calls of Check in each run of a test, so that a child knows which
// is meant.
var checks struct {
	sync.Mutex
	of map[string]int // guarded by Mutex
}

func checkID(t T) string {
	checks.Lock()
	defer checks.Unlock()
	test := t.Name()
	if checks.of == nil {
		checks.of = map[string]int{}
	}
	if checks.of[test]++; checks.of[test] == 1 {
		t.Cleanup(func() { // with -count there is another run
			checks.Lock()
			defer checks.Unlock()
			delete(checks.of, test)
		})
	}
	return fmt.Sprintf("check %d of %s", checks.of[test], test)
}

// childArgs has the test binary run one test, and the arguments that are not testing's.
func childArgs(test string) []string {
	args := []string{"-test.run=" + pattern(test), "-test.count=1", "-test.timeout=0"}
	if short() { // the test may ask
		args = append(args, "-test.short")
	}
	for _, arg := range os.Args[1:] {
		if !strings.HasPrefix(arg, "-test.") && !strings.HasPrefix(arg, "--test.") {
			args = append(args, arg)
		}
	}
	return args
}

// children says how to start children: this test again, or, if all runs are controlled, the
// test binary that is built for them.
func (c *checking) children() (child.Config, error) {
	if c.engine == Controlled {
		config, err := c.hookedInTime()
		if err != nil {
			err = fmt.Errorf("no controlled runs: %w", err)
		}
		return config, err
	}
	program, err := thisProgram()
	if err != nil {
		return child.Config{}, err
	}
	return c.running(program)
}

// hooked says how to start children for controlled runs.
func (c *checking) hooked(ctx context.Context) (child.Config, error) {
	program, err := hookedTest(ctx)
	if err != nil {
		return child.Config{}, err
	}
	return c.running(program)
}

// longBuild is more than the compiler takes.
const longBuild = time.Hour

// hookedInTime is hooked before the search, which leaves some of the test's time to that.
func (c *checking) hookedInTime() (child.Config, error) {
	limit := c.untilDeadline(longBuild)
	ctx, cancel := context.WithTimeout(c.context(), limit)
	defer cancel()
	config, err := c.hooked(ctx)
	if errors.Is(err, context.DeadlineExceeded) && c.context().Err() == nil {
		err = fmt.Errorf("the test was not built for them in the %.1f s that it had before its deadline; once it is, that takes no time again: give it a minute with -timeout", limit.Seconds())
	}
	return config, err
}

// hasDecided reports whether a store has cases of controlled runs.
func hasDecided(store *corpus.Store, target string) bool {
	if store == nil {
		return false
	}
	cases, _ := store.Load(target) // of those that cannot be read the search tells
	return slices.ContainsFunc(cases, func(c *corpus.Case) bool { return c.Decisions != "" })
}

// running has a test binary run this test alone.
func (c *checking) running(program string) (child.Config, error) {
	dir, err := os.Getwd()
	return child.Config{Command: append([]string{program}, childArgs(c.t.Name())...), Set: c.id, Dir: dir}, err
}

// started is the directory in which the program was started: of a test, that of its package.
var started, _ = os.Getwd()

// hooked is this test binary once more, for controlled runs.
var hooked struct {
	sync.Mutex
	program string // guarded by Mutex; empty: not built yet
	failed  error  // guarded by Mutex; why it cannot be
}

// hookedTest builds this test binary for controlled runs, unless an earlier Check had it.
func hookedTest(ctx context.Context) (string, error) {
	hooked.Lock()
	defer hooked.Unlock()
	if hooked.program != "" || hooked.failed != nil {
		return hooked.program, hooked.failed
	}
	program, err := build.BuildTest(ctx, build.RunningTest(started))
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	hooked.program, hooked.failed = program, err
	return program, err
}

// pattern matches one test, or subtest, and no other.
func pattern(test string) string {
	parts := strings.Split(test, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}

// short reports whether the tests were asked to be short.
func short() bool {
	f := flag.Lookup("test.short")
	return f != nil && f.Value.String() == "true"
}
