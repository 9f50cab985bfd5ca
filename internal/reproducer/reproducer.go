// Package reproducer writes a finding as a program of one file, which needs the map's
// module and the standard library, and nothing of ours: something to put in a bug report.
//
// It knows how a map is made and called, and what a case says was wrong. That the program
// fails as often as the case does it cannot know; Try tells.
package reproducer

import (
	"errors"
	"fmt"
	"go/format"
	"strings"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/match"
)

// A Map says how a program makes a map, and what its methods are.
type Map struct {
	Package string            // import path; empty for the built-in map
	Version string            // of its module; empty for the standard library, or for one that is not published
	Local   bool              // it is of a module of the user's own
	Root    string            // directory of that; not in the program
	Below   string            // part of the module in which the package can be imported; empty for all of it
	Expr    string            // makes a map, in terms of the package's exported names
	Rest    []string          // what it has beside the map, as match.Map's Rest
	Others  map[string]string // further packages that it, the types and the functions name: their names by their paths
	Key     Type
	Value   Type
	// StandIns is source of types that stand in for keys and values that are interfaces, which the methods'
	// functions take as ints; empty if there are none.
	StandIns string
	Methods  map[history.Kind]Method
	Put      Method // a store that answers whether there was something
	Remove   Method // a delete that answers that
	Close    Method // zero if there is none
	// Evicts says that it is a cache, of which any entry may vanish.
	Evicts bool
}

// A Type is a key or value type.
type Type struct {
	Name string      // as source of another package would name it, such as "int" or "*cache.Entry"
	Kind string      // of reflect
	Of   *match.Type // of a struct or an array: its parts
}

// A Method is a method of a map.
type Method struct {
	Name      string
	Signature string // without the receiver, as reflect gives it: "func(int) (int, bool)"
	// Code is Go source of a function that is as target.Map has it, of the map m, and of load where
	// that is another method: what is called if the method itself cannot be.
	Code string
}

// Builtin returns the built-in map, from int to int.
func Builtin() Map {
	return Map{Expr: "map[int]int{}", Key: Type{Name: "int", Kind: "int"}, Value: Type{Name: "int", Kind: "int"}}
}

// ErrCannot means that a case has something in it that no such program can tell.
var ErrCannot = errors.New("no program of the map's own calls can be made of it")

// Write returns the program's source, formatted. The error is ErrCannot, and says why, if
// there can be none. With a trial its head says how often it fails; nil is none.
func Write(c *corpus.Case, m Map, t *Trial) ([]byte, error) {
	p, err := plan(c, m)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCannot, err)
	}
	p.trial = t
	var b strings.Builder
	b.WriteString(p.header())
	fmt.Fprintf(&b, "package main\n\nimport (\n%s)\n\n", p.imports())
	b.WriteString(p.body)
	source, err := format.Source([]byte(b.String()))
	if err != nil {
		return nil, fmt.Errorf("reproducer: what was written is no Go: %w\n%s", err, b.String())
	}
	return source, nil
}

// A program is one that is being written.
type program struct {
	c       *corpus.Case
	m       Map
	d       dialect
	trial   *Trial // of an earlier form; nil if there was none
	check   check
	answers int             // variables r1, r2, ... so far
	uses    map[string]bool // parts of the program that are called for
	body    string
}

// plan decides what the program checks, and writes all but its head.
func plan(c *corpus.Case, m Map) (*program, error) {
	p := &program{c: c, m: m, uses: map[string]bool{}}
	var err error
	if p.check, err = checkOf(c, m); err != nil {
		return nil, err
	}
	if p.d, err = dialectOf(m, p.uses); err != nil {
		return nil, err
	}
	try, err := p.try()
	if err != nil {
		return nil, err
	}
	p.body = p.main() + try + p.parts() + m.StandIns
	return p, nil
}

// tries is after how many runs the program gives up: a hundred times as many as the
// case's schedule needs to fail, at the lower bound of its rate.
func (p *program) tries() int {
	low, _ := p.c.Reproduced.Interval()
	n := 100_000
	for n < 100_000_000 && float64(n)*low < 100 {
		n *= 10
	}
	return n
}

func (p *program) main() string {
	var b strings.Builder
	timing := &p.c.Schedule.Timing
	fmt.Fprintf(&b, "// tries is after how many runs it gives up.\nconst tries = %d\n\n", p.tries())
	b.WriteString("func main() {\n")
	if timing.Procs > 0 {
		fmt.Fprintf(&b, "runtime.GOMAXPROCS(%d)\n", timing.Procs)
	}
	if timing.GC {
		b.WriteString("go func() {\nfor {\nruntime.GC()\n}\n}()\n")
	}
	if p.check.hang {
		p.uses["watch"] = true
		b.WriteString("progress := watch()\n")
	}
	if p.check.leak {
		b.WriteString("before := runtime.NumGoroutine()\n")
	}
	b.WriteString("for n := 1; n <= tries; n++ {\n")
	if p.check.hang {
		b.WriteString("progress.Store(int64(n))\n")
	}
	if p.check.answers() {
		b.WriteString("if wrong := try(); wrong != \"\" {\nfmt.Printf(\"try %d of %d: %s\\n\", n, tries, wrong)\nos.Exit(1)\n}\n")
	} else {
		b.WriteString("try()\n")
	}
	if p.check.leak {
		p.uses["left"] = true
		b.WriteString("if more := left(before); more > 0 {\nfmt.Printf(\"try %d of %d: %d goroutines outlive their map\\n\", n, tries, more)\nos.Exit(1)\n}\n")
	}
	b.WriteString("}\nfmt.Printf(\"nothing wrong in %d tries\\n\", tries)\n}\n\n")
	return b.String()
}
