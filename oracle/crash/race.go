package crash

import (
	"sort"
	"strings"

	"github.com/mapstress/mapstress/oracle"
)

// A race is one report of the race detector.
type race struct{ accesses []access }

// An access is one of the two that raced.
type access struct {
	op     string // "read" or "write", or "atomic ..." of them
	frames []Frame
}

// A report begins with this line and has an access right below. The words alone
// may be somebody's log.
const raceLine = "WARNING: DATA RACE"

var accessLine = pattern(`^\s*(?:Previous )?((?i:atomic )?(?i:read|write)) at 0x[0-9a-f]+ by (?:main )?goroutine`)

// raceReports finds the race detector's reports in the text.
func raceReports(text string) (races []race) {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if !strings.HasSuffix(trimEOL(l), raceLine) || i+1 == len(lines) || !accessLine().MatchString(lines[i+1]) {
			continue
		}
		races = append(races, readRace(lines[i+1:]))
	}
	return races
}

// readRace reads a report from the line after its first on. It ends where the
// stacks of the go statements begin.
func readRace(lines []string) (r race) {
	for i, l := range lines {
		l = trimEOL(l)
		switch m := accessLine().FindStringSubmatch(l); {
		case m != nil:
			r.accesses = append(r.accesses, access{op: strings.ToLower(m[1])})
		case strings.HasPrefix(l, "Goroutine ") || strings.HasPrefix(l, "====") || len(r.accesses) == 0:
			return r
		case i+1 < len(lines) && strings.HasPrefix(l, "  ") && !strings.HasPrefix(l, "   "):
			if f, ok := frame(strings.TrimSpace(l), trimEOL(lines[i+1])); ok {
				a := &r.accesses[len(r.accesses)-1]
				a.frames = append(a.frames, f)
			}
		}
	}
	return r
}

// raced makes the verdict of the first report; later ones may follow from it.
// Which access is the "previous" one is chance, so the frames are sorted.
func (d Death) raced(races []race) oracle.Verdict {
	v := oracle.Verdict{Class: oracle.DataRace, Rule: "data race", Detail: "the race detector reported " + races[0].String()}
	var each []string
	for _, a := range races[0].accesses {
		each = append(each, strings.Join(telling(a.frames, d.Own, maxFrames/2), "\n"))
	}
	sort.Strings(each)
	for i, fs := range each {
		if fs != "" && (i == 0 || fs != each[i-1]) {
			v.Frames = append(v.Frames, strings.Split(fs, "\n")...)
		}
	}
	return v
}

// String tells the race in a line: "write in main.f against read in main.g".
func (r race) String() string {
	var parts []string
	for _, a := range r.accesses {
		where := "an unknown place"
		if fs := telling(a.frames, nil, 1); len(fs) > 0 {
			where = fs[0]
		}
		parts = append(parts, a.op+" in "+where)
	}
	return strings.Join(parts, " against ")
}
