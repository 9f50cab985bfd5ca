package scenarios

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/mapstress/mapstress/scheduler"
)

// A knob is a dimension of how workers are run, whatever their ops are. The shares
// of the usual mix follow from what each setting was measured to buy: little,
// beside the growth boundary.
type knob struct {
	dimension Dimension
	settings  func(Space) []Setting
	// set makes the setting true of a timing plan; nil for the number of
	// workers, which the scenario asks for.
	set func(d *draft, t *scheduler.Timing, setting string)
	// of names the setting that a schedule has.
	of func(Space, *scheduler.Schedule) string
}

// knobs are in the order in which a draft draws them.
var knobs = []knob{
	{ByWorkers, workerSettings, nil, workersOf},
	{ByStart, these(Setting{"spin", 80}, Setting{"go", 10}, Setting{"barrier", 10}), setStart, startOf},
	{ByProcs, procsSettings, setProcs, procsOf},
	{ByGosched, these(Setting{never, 80}, Setting{"10-50 %", 20}), setGosched, goschedOf},
	{BySpin, these(Setting{never, 50}, Setting{shortSpin, 25}, Setting{longSpin, 25}), setSpin, spinOf},
	toggle(ByThreads, "locked", 5, func(t *scheduler.Timing) *bool { return &t.Lock }),
	toggle(ByCollector, "running", 2, func(t *scheduler.Timing) *bool { return &t.GC }),
	toggle(ByPreemption, "off", 3, func(t *scheduler.Timing) *bool { return &t.NoPreempt }),
	{ByStalled, these(Setting{never, 95}, Setting{oneStalled, 5}), setStalled, stalledOf},
}

const (
	never      = "none"
	shortSpin  = "16-64"
	longSpin   = "128-512"
	oneStalled = "one"
	usual      = "usual" // of a toggle: as programs have it
)

// toggle makes the knob of a switch, which the usual mix has on in that many of 100.
func toggle(d Dimension, on string, percent int, field func(*scheduler.Timing) *bool) knob {
	return knob{d, these(Setting{usual, 100 - percent}, Setting{on, percent}),
		func(_ *draft, t *scheduler.Timing, setting string) { *field(t) = setting == on },
		func(_ Space, s *scheduler.Schedule) string {
			if *field(&s.Timing) {
				return on
			}
			return usual
		}}
}

func these(settings ...Setting) func(Space) []Setting {
	return func(Space) []Setting { return settings }
}

// crowd is the number of workers from which on they are many: more than can run at
// the same time, where a schedule has room for so many, and than the usual few.
func (s Space) crowd() int { return min(max(5, s.cpus()+1), scheduler.MaxWorkers/2) }

// cpus is how many there are; below 2 counts as 2, which overlap takes.
func (s Space) cpus() int { return min(max(2, s.Procs), scheduler.MaxProcs) }

func (s Space) crowdName() string { return fmt.Sprintf("%d or more", s.crowd()) }

func workerSettings(s Space) []Setting {
	return []Setting{{"2", 50}, {s.severalName(), 42}, {s.crowdName(), 8}}
}

func (s Space) severalName() string { return fmt.Sprintf("3-%d", s.crowd()-1) }

func workersOf(space Space, s *scheduler.Schedule) string {
	switch n := len(s.Workers); {
	case n >= space.crowd():
		return space.crowdName()
	case n > 2:
		return space.severalName()
	}
	return "2" // or 1, where nothing can be said of workers
}

// workers draws how many workers there are.
func (d *draft) workers() int {
	switch d.choice[ByWorkers] {
	case "2":
		return 2
	case d.space.crowdName():
		return d.between(d.space.crowd(), 2*d.space.crowd())
	}
	return d.between(3, min(d.space.crowd()-1, 8))
}

func setStart(_ *draft, t *scheduler.Timing, setting string) {
	for s := scheduler.Spin; s <= scheduler.Barrier; s++ {
		if s.String() == setting {
			t.Start = s
		}
	}
}

func startOf(_ Space, s *scheduler.Schedule) string { return s.Timing.Start.String() }

// procsSettings are the machine's own number mostly, and in 2 of 100 the control, 1.
func procsSettings(s Space) []Setting {
	own := s.cpus()
	settings := []Setting{{strconv.Itoa(own), 82}}
	for _, other := range []Setting{{"4", 5}, {"8", 5}, {strconv.Itoa(min(2*own, scheduler.MaxProcs)), 6}, {"2", 0}, {"1", 2}} {
		if i := slices.IndexFunc(settings, func(s Setting) bool { return s.Name == other.Name }); i >= 0 {
			settings[i].Share += other.Share
		} else {
			settings = append(settings, Setting{other.Name, max(1, other.Share)})
		}
	}
	return settings
}

func setProcs(_ *draft, t *scheduler.Timing, setting string) { t.Procs, _ = strconv.Atoi(setting) }

func procsOf(_ Space, s *scheduler.Schedule) string { return strconv.Itoa(s.Timing.Procs) }

func setGosched(d *draft, t *scheduler.Timing, setting string) {
	t.Gosched = 0
	if setting != never {
		t.Gosched = d.between(10, 50)
	}
}

func goschedOf(_ Space, s *scheduler.Schedule) string {
	if s.Timing.Gosched == 0 {
		return never
	}
	return "10-50 %"
}

func setSpin(d *draft, t *scheduler.Timing, setting string) {
	t.Spin = 0
	switch setting {
	case shortSpin:
		t.Spin = 16 << d.Intn(3)
	case longSpin:
		t.Spin = 128 << d.Intn(3)
	}
}

func spinOf(_ Space, s *scheduler.Schedule) string {
	switch n := s.Timing.Spin; {
	case n == 0:
		return never
	case n < 128:
		return shortSpin
	}
	return longSpin
}

func setStalled(d *draft, t *scheduler.Timing, setting string) {
	t.Stalled = 0
	if setting == oneStalled {
		t.Stalled = 1 + d.Intn(len(d.s.Workers))
	}
}

func stalledOf(_ Space, s *scheduler.Schedule) string {
	if s.Timing.Stalled == 0 {
		return never
	}
	return oneStalled
}
