package mapstress_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/target"
)

// A taken test writes down what it is told, so that a Check that fails is a test that
// passes.
type taken struct {
	*testing.T
	dir    string // of artifacts, once there is one
	errors []string
	logs   []string
}

func (t *taken) Errorf(format string, args ...any) {
	t.errors = append(t.errors, fmt.Sprintf(format, args...))
}

func (t *taken) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	panic(t) // ends Check, as FailNow would
}

func (t *taken) Logf(format string, args ...any) {
	t.logs = append(t.logs, fmt.Sprintf(format, args...))
}

func (t *taken) ArtifactDir() string {
	if t.dir == "" {
		t.dir = t.TempDir() // not before: a child, which does not clean up, would make one, too
	}
	return t.dir
}

// check calls f with a taken test, and returns what became of it.
func check(t *testing.T, f func(t *taken)) *taken {
	taken := &taken{T: t}
	func() {
		defer func() {
			if r := recover(); r != nil && r != any(taken) {
				panic(r)
			}
		}()
		f(taken)
	}()
	return taken
}

// A user is a value that a cache may hold.
type user struct {
	ID   int
	Name string
}

// A cache is a map behind a lock; a careless one forgets to look again once it has the
// lock for writing.
type cache struct {
	mu       sync.RWMutex
	users    map[string]*user
	careless bool
}

func (c *cache) get(name string) (*user, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	u, ok := c.users[name]
	return u, ok
}

func (c *cache) getOrSet(name string, u *user) (*user, bool) {
	if found, ok := c.get(name); ok {
		return found, true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if found, ok := c.users[name]; ok && !c.careless {
		return found, true
	}
	c.users[name] = u
	return u, false
}

func (c *cache) del(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.users, name)
}

// remove deletes, and says whether there was anybody: a careless one looks before it has the lock.
func (c *cache) remove(name string) bool {
	_, before := c.get(name)
	c.mu.Lock()
	defer c.mu.Unlock()
	_, there := c.users[name]
	delete(c.users, name)
	return there || c.careless && before
}

func (c *cache) getOrSetSafely(name string, u *user) (*user, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if found, ok := c.users[name]; ok {
		return found, true
	}
	c.users[name] = u
	return u, false
}

func newCache(careless bool) func() mapstress.Map[string, *user] {
	return func() mapstress.Map[string, *user] {
		c := &cache{users: map[string]*user{}, careless: careless}
		return mapstress.Map[string, *user]{Load: c.get, LoadOrStore: c.getOrSet, Delete: c.del}
	}
}

// bubbled is a test in a bubble of testing/synctest.
type bubbled struct{ *taken }

func (bubbled) Deadline() (time.Time, bool) {
	panic("testing: t.Deadline called inside synctest bubble")
}

// TestCheckBubble: there is no search in a bubble.
func TestCheckBubble(t *testing.T) {
	got := check(t, func(taken *taken) { mapstress.Check(bubbled{taken}, newCache(false)) })
	if len(got.errors) != 1 || !strings.Contains(got.errors[0], "cannot run in a bubble of testing/synctest") {
		t.Errorf("got %q", got.errors)
	}
}

// TestCheckFinds: a careless cache fails the test, with the story, and fails it at once
// the next time, from what was kept. Odds: the search meets this bug within a second of
// CPU on an idle machine.
func TestCheckFinds(t *testing.T) {
	dir := os.Getenv("CHECK_FINDS_DIR") // children run this function, too
	if dir == "" {
		dir = t.TempDir()
		t.Setenv("CHECK_FINDS_DIR", dir)
	}
	found := func(options ...mapstress.Option) *taken {
		return check(t, func(taken *taken) {
			mapstress.Check(taken, newCache(true), append(options, mapstress.Corpus(dir))...)
		})
	}
	first := found(mapstress.For(time.Minute), mapstress.Seed(5))
	raceFlag := map[bool]string{true: " -race"}[raceEnabled] // or nothing of what the detector sees comes again
	// Two searches go on at once, and both may have found something.
	story := strings.Join(first.errors, "\n")
	for _, want := range []string{"silent-corruption: ", "TestCheckFinds", "load-or-store k", "replay: go test" + raceFlag + " -run '^TestCheckFinds$'\n", "kept: " + dir, "seed: 5"} {
		if !strings.Contains(story, want) {
			t.Errorf("the story lacks %q:\n%s", want, story)
		}
	}
	if artifacts, _ := filepath.Glob(filepath.Join(first.dir, "*.txtar")); len(artifacts) != len(first.errors) {
		t.Errorf("artifacts %q of %d findings: %s", artifacts, len(first.errors), story)
	}
	kept, _ := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	if len(kept) != len(first.errors) {
		t.Errorf("kept %q of %d findings", kept, len(first.errors))
	}
	// The case fails once in some hundred runs on an idle machine, and has half a
	// second and then a search.
	second := found(mapstress.For(time.Minute), mapstress.Seed(6))
	if len(second.errors) == 0 || !strings.Contains(second.errors[0], "silent-corruption: ") {
		t.Errorf("the second time: errors %q, logs %q", second.errors, second.logs)
	}
}

// TestCheckPasses: the careful cache, twice in one test, each in its own children. A
// millisecond is too short for any run, and is made longer.
func TestCheckPasses(t *testing.T) {
	for i, d := range []time.Duration{time.Second, time.Millisecond} {
		taken := check(t, func(taken *taken) {
			mapstress.Check(taken, newCache(false), mapstress.For(d), mapstress.Corpus(""))
		})
		if len(taken.errors) > 0 || len(taken.logs) == 0 || !strings.Contains(taken.logs[len(taken.logs)-1], " runs, ") {
			t.Errorf("check %d: errors %q, logs %q", i, taken.errors, taken.logs)
		}
	}
	t.Run("sub/test of (more)", func(t *testing.T) {
		mapstress.Check(t, newCache(false), mapstress.For(2*time.Second), mapstress.Corpus(""), mapstress.Trying("mixed", "own-keys"))
	})
}

// put stores, and says whether there was anybody: a careless one looks before it has the lock.
func (c *cache) put(name string, u *user) bool {
	_, before := c.get(name)
	c.mu.Lock()
	defer c.mu.Unlock()
	_, there := c.users[name]
	c.users[name] = u
	if c.careless {
		return before
	}
	return there
}

// TestCheckAnswering: two callers are both told that they removed the one entry there was, or what they are told
// of an entry before theirs is wrong. Odds: the window is as that of a careless getOrSet, which TestCheckFinds is about.
func TestCheckAnswering(t *testing.T) {
	checked := func(putting, careless bool) *taken {
		return check(t, func(taken *taken) {
			mapstress.Check(taken, func() mapstress.Map[string, *user] {
				c := &cache{users: map[string]*user{}, careless: careless}
				if putting {
					return mapstress.Map[string, *user]{Load: c.get, Put: c.put, Delete: c.del}
				}
				return mapstress.Map[string, *user]{Load: c.get, LoadOrStore: c.getOrSetSafely, Remove: c.remove}
			}, mapstress.For(map[bool]time.Duration{true: time.Minute, false: time.Second}[careless]), mapstress.Corpus(""))
		})
	}
	for _, of := range []struct {
		putting bool
		told    *regexp.Regexp
	}{
		{false, regexp.MustCompile(`(?s)delete k.*delete k.* -> true`)},
		{true, regexp.MustCompile(`store k\d+ v\d+ -> (absent|present) `)},
	} {
		if found := strings.Join(checked(of.putting, true).errors, "\n"); !strings.Contains(found, "silent-corruption: ") || !of.told.MatchString(found) {
			t.Errorf("of a careless one: %s; want %v", found, of.told)
		}
		for _, err := range checked(of.putting, false).errors {
			if !strings.Contains(err, "want more time") { // the machine may be busy
				t.Error(err)
			}
		}
	}
}

// TestCheckRefuses: what cannot be checked is said.
func TestCheckRefuses(t *testing.T) {
	ask := func(options ...mapstress.Option) string {
		return strings.Join(check(t, func(taken *taken) {
			mapstress.Check(taken, newCache(false), append(options, mapstress.Corpus(""))...)
		}).errors, "\n")
	}
	if got := ask(mapstress.Trying("no-such")); !strings.Contains(got, `unknown scenario "no-such"`) {
		t.Errorf("of an unknown scenario: %q", got)
	}
	if got := ask(mapstress.Using(mapstress.Controlled), mapstress.Trying("mixed")); !strings.Contains(got, "Trying is for workers that run free") {
		t.Errorf("of scenarios for controlled runs: %q", got)
	}
	if got := ask(mapstress.Using(7)); got != "mapstress: engine(7); want Stress, Controlled or Auto" {
		t.Errorf("of an engine that there is not: %q", got)
	}
	if got := ask(mapstress.Deciding("pos")); got != "mapstress: strategy pos is for controlled runs; workers that run free have none" {
		t.Errorf("of a strategy of free runs: %q", got)
	}
	if got := ask(mapstress.Using(mapstress.Controlled), mapstress.Deciding("chess")); !strings.Contains(got, `unknown strategy "chess"; want one of usual, random,`) {
		t.Errorf("of an unknown strategy: %q", got)
	}
	if got := ask(mapstress.Keys(target.Int())); got != "mapstress: the keys: got a target.Codec[int]; give one with mapstress.Keys" {
		t.Errorf("of another type's codec: %q", got)
	}
	t.Setenv("MAPSTRESS_DURATION", "soon")
	if got := ask(); got != `mapstress: MAPSTRESS_DURATION="soon"; want a time such as 10m` {
		t.Errorf("of a bad time: %q", got)
	}
	t.Setenv("MAPSTRESS_DURATION", "")
	odd := check(t, func(taken *taken) {
		mapstress.Check(taken, func() mapstress.Map[bool, int] { return mapstress.Map[bool, int]{} })
	}).errors
	if len(odd) != 1 || !strings.Contains(odd[0], "the keys: bool has no part that can hold a number") {
		t.Errorf("of keys without a codec: %q", odd)
	}
	none := check(t, func(taken *taken) {
		mapstress.Check(taken, func() mapstress.Map[int, int] { return mapstress.Map[int, int]{} }, mapstress.For(time.Second), mapstress.Corpus(""))
	}).errors
	if len(none) != 1 || !strings.Contains(none[0], "it has none at all") {
		t.Errorf("of a map without methods: %q", none)
	}
	if got := ask(mapstress.For(-time.Second)); got != "mapstress: For(-1s); want a time such as 10*time.Second" {
		t.Errorf("of no time: %q", got)
	}
	over := check(t, func(taken *taken) {
		mapstress.Check(ended{taken}, newCache(false), mapstress.Corpus(""))
	}).errors
	if len(over) != 1 || over[0] != "mapstress: the test's context ended before a schedule was run: context canceled" {
		t.Errorf("of a test that is over: %q", over)
	}
	timed := check(t, func(taken *taken) {
		mapstress.Check(benchmark{taken}, newCache(false), mapstress.Corpus(""))
	}).errors
	if len(timed) != 1 || !strings.Contains(timed[0], "Check is for tests") {
		t.Errorf("of a benchmark: %q", timed)
	}
}

// An ended test's context is over.
type ended struct{ *taken }

func (ended) Context() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// A benchmark has a timer.
type benchmark struct{ *taken }

func (benchmark) ResetTimer() {}

// TestCheckShared: of a function that gives one map each time, what is found says what to look for.
func TestCheckShared(t *testing.T) {
	shared := newCache(false)()
	found := check(t, func(taken *taken) {
		mapstress.Check(taken, func() mapstress.Map[string, *user] { return shared }, mapstress.For(time.Minute), mapstress.Trying("own-keys"), mapstress.Corpus(""))
	}).errors
	if len(found) == 0 {
		t.Error("of one map for all: nothing")
	}
	for _, story := range found {
		alone := strings.Contains(story, ": phantom") && (strings.Contains(story, "   1 worker, ") || strings.Contains(story, "one worker alone"))
		if alone != strings.Contains(story, "make a fresh map each time") {
			t.Errorf("of one map for all: %s", story)
		}
	}
}
