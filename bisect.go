package mapstress

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/bisect"
	"github.com/mapstress/mapstress/internal/build"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/search"
)

// What a bisection comes to.
type (
	Bisected    = bisect.Result
	BisectProbe = bisect.Probe
)

// The ends of a bisection do not differ.
var (
	ErrBothFail    = bisect.ErrBothFail
	ErrNeitherFail = bisect.ErrNeitherFail
)

// BisectConfig is what to bisect.
type BisectConfig struct {
	// Target is a package and an expression that makes a map. If From and To are Go
	// toolchains, a package of another module has its version after an @; else it has none.
	Target string
	// From and To are versions of the package's module, such as v2.5.1 and v3.0.1, or Go
	// toolchains, such as go1.23.12 and go1.24.0.
	From, To string
	// Time bounds the runs with each version; 0 means a minute.
	Time time.Duration
	// OnVersions is told how many versions there are; OnStart of each before it is tested, and
	// whether it is a Go toolchain that is to be downloaded for that, which may take minutes;
	// OnProbe of each that was tested. Nil ones are not.
	OnVersions func(n int)
	OnStart    func(version string, download bool)
	OnProbe    func(BisectProbe)
}

// Bisect finds the first version with which a case fails, or ceases to: it runs the case
// with versions from the middle of what is left, by a sequential test for each. The
// result has what was tested even with an error; that is ErrBothFail or ErrNeitherFail if
// From and To do not differ.
func Bisect(ctx context.Context, c *corpus.Case, config BisectConfig) (*Bisected, error) {
	spec, is, err := build.Parse(config.Target)
	if err == nil && !is {
		err = fmt.Errorf("%q; want a package and an expression that makes a map, such as 'github.com/puzpuzpuz/xsync/v3 NewMap()'", config.Target)
	}
	if err != nil {
		return nil, err
	}
	b := &bisection{of: c, limit: config.Time, onStart: config.OnStart, subjects: map[string]build.Spec{}}
	if b.limit == 0 {
		b.limit = time.Minute
	}
	versions, err := b.versions(ctx, spec, config.From, config.To)
	if err != nil {
		return nil, err
	}
	if config.OnVersions != nil {
		config.OnVersions(len(versions))
	}
	return bisect.Run(ctx, bisect.Config{Versions: versions, Expected: c.Reproduced, Test: b.test, Tell: config.OnProbe})
}

// A bisection runs a case with versions of its map.
type bisection struct {
	of       *corpus.Case
	limit    time.Duration
	onStart  func(version string, download bool)
	subjects map[string]build.Spec // by version
}

// versions lists the versions, and notes what each means.
func (b *bisection) versions(ctx context.Context, s build.Spec, from, to string) (names []string, err error) {
	if strings.HasPrefix(from, "go1") || strings.HasPrefix(to, "go1") {
		if s.Version == "" && !build.Fixed(ctx, s) {
			return nil, fmt.Errorf("%s without a version; want %s@VERSION, so that only the toolchain differs", s.Package, s.Package)
		}
		if names, err = build.Toolchains(ctx, from, to); err != nil {
			return nil, err
		}
		for _, name := range names {
			s.Go = name
			b.subjects[name] = s
		}
		return names, nil
	}
	if s.Version != "" {
		return nil, fmt.Errorf("%s@%s; want no version there, but one for each end", s.Package, s.Version)
	}
	specs, err := build.Versions(ctx, s, from, to)
	for _, spec := range specs {
		names = append(names, spec.Version)
		b.subjects[spec.Version] = spec
	}
	return names, err
}

// test is the Test of a bisect.Config.
func (b *bisection) test(ctx context.Context, version string, runs, failures int) (p BisectProbe, err error) {
	spec := b.subjects[version]
	spec.Controlled = needsHooks(b.of)
	if b.onStart != nil {
		download, err := MissingToolchain(ctx, spec.Go)
		if err != nil {
			return p, err
		}
		b.onStart(version, download)
	}
	built, err := build.New(ctx, sources, spec)
	if err != nil {
		if ctx.Err() != nil {
			return p, ctx.Err()
		}
		return BisectProbe{State: bisect.Skipped, Why: reason(err)}, nil
	}
	config := child.Config{Command: built.Command, Set: builtin}
	err = inSessions(config, 1, func(sessions []*child.Session) error {
		p, err = b.replay(ctx, sessions[0], built.Spec.String(), runs, failures)
		return err
	})
	var refused *RequestError
	if errors.As(err, &refused) {
		return BisectProbe{State: bisect.Skipped, Why: reason(err)}, nil
	}
	return p, err
}

// replay runs the case until so many runs in which workers met are there, or so many
// failing ones.
func (b *bisection) replay(ctx context.Context, session *child.Session, target string, runs, failures int) (p BisectProbe, err error) {
	c := *b.of
	c.Target = target
	for started := time.Now(); p.Rate.Runs < runs && p.Rate.Failed < failures; {
		left := b.limit - time.Since(started)
		if left <= 0 {
			break
		}
		limits := Limits{Runs: max(runs-p.Rate.Runs, 100), Failures: failures - p.Rate.Failed, Time: left}
		r, err := search.Replay(ctx, session, &c, limits)
		if err != nil {
			return p, err
		}
		met := int(r.Tally.Overlapped)
		if len(c.Schedule.Workers) == 1 {
			met = r.Rate.Runs
		}
		failed := 0
		if r.Found != nil { // or none was confirmed
			failed = r.Rate.Failed
		}
		p.Rate = p.Rate.Add(corpus.Rate{Failed: failed, Runs: max(met, failed)})
	}
	return p, nil
}

// reason is the first line of what went wrong that says something.
func reason(err error) string {
	var said *BuildError
	text := err.Error()
	if errors.As(err, &said) {
		text = said.Output
	}
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "go: downloading") {
			return line
		}
	}
	return text
}
