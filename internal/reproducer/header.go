package reproducer

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/internal/pkgname"
	"github.com/mapstress/mapstress/internal/story"
	"github.com/mapstress/mapstress/oracle"
)

// header says what the program is, what it needs, and what to expect of it.
func (p *program) header() string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	c := p.c
	add("%s: %s", p.subject(), story.Title(c.Verdict))
	add("")
	add("What is promised: %s", p.promise())
	add("What happens: %s", p.happens())
	add("")
	if drawn := story.Drawing(c); len(drawn) > 0 {
		for _, line := range drawn {
			add("\t%s", line)
		}
		add("")
	}
	add("mapstress saw %s runs of these calls fail with %s.", c.Reproduced, c.Found)
	add("This program tries up to %s times, and %s.", story.Count(uint64(p.tries())), p.ends())
	if t := p.trial; t != nil && t.Runs > 0 {
		add("There it failed in %d of %s, of %.2g s each.", t.Failed, story.Plural(t.Runs, "start"), t.each().Seconds())
	}
	add("")
	switch {
	case p.m.Local && p.m.Below != "":
		add("In a directory below %s of the map's module, as main.go:", p.m.Below)
	case p.m.Local:
		add("In a directory of the map's module, as main.go:")
	default:
		add("In a directory with this file alone, as main.go:")
	}
	add("")
	for _, command := range p.commands() {
		add("\t%s", command)
	}
	var b strings.Builder
	b.WriteString("//go:build ignore\n\n")
	for _, line := range lines {
		b.WriteString(strings.TrimRight("// "+line, " ") + "\n")
	}
	return b.String()
}

func (p *program) subject() string {
	switch {
	case p.m.Package == "":
		return "the built-in map"
	case p.m.Version != "":
		return p.m.Package + " " + p.m.Version
	}
	return p.m.Package
}

func (p *program) promise() string {
	v := p.c.Verdict
	switch {
	case v.Promise != "":
		return fmt.Sprintf("%q.", v.Promise)
	case p.c.Unsafe:
		return "nothing: this map is not for concurrent use."
	case p.check.keys:
		return "each call takes effect at one moment between its begin and its end."
	case p.check.rest:
		return "of a map that nobody writes to, Range and Load say the same."
	case p.check.ranges:
		return "Range meets each key once at most, and those that stay."
	case p.check.length:
		return "the length of a map that nobody writes to is the number of its keys."
	case p.check.callback:
		return "a function that is given to a call is called once."
	case p.check.hang:
		return "calls return."
	case p.check.leak:
		return "no goroutine outlives its map."
	case v.Class == oracle.DataRace:
		return "the map is safe for concurrent use."
	}
	return "calls do not end the process."
}

func (p *program) happens() string {
	if detail := p.c.Verdict.Detail; detail != "" {
		return detail + "."
	}
	return story.Title(p.c.Verdict) + "."
}

// ends says how the program ends if all goes wrong.
func (p *program) ends() string {
	switch {
	case p.check.hang:
		return "ends with exit code 1 when one does not end"
	case p.c.Verdict.Class == oracle.DataRace:
		return "the race detector reports it"
	case p.check.answers(), p.check.leak:
		return "ends with exit code 1 as soon as one fails"
	}
	return "dies as soon as one fails, with exit code 2"
}

// commands are what it takes to run the program.
func (p *program) commands() []string {
	run := "go run main.go"
	if p.c.Verdict.Class == oracle.DataRace {
		run = "go run -race main.go"
	}
	if p.c.Schedule.Timing.NoPreempt {
		run = "GODEBUG=asyncpreemptoff=1 " + run
	}
	switch {
	case p.m.Local:
		return []string{run}
	case p.m.Package == "" || !external(p.m.Package):
		return []string{run + "   # " + p.c.Found.Go}
	case p.m.Version == "":
		return []string{"go mod init reproducer", "go get " + p.m.Package, run + "   # " + p.c.Found.Go}
	}
	return []string{"go mod init reproducer", "go get " + p.m.Package + "@" + p.m.Version, run + "   # " + p.c.Found.Go}
}

// external reports whether the package is not of the standard library.
func external(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	return strings.Contains(first, ".")
}

// construct is the user's expression, with the package before its names.
func (p *program) construct() string {
	expr, err := parser.ParseExpr(p.m.Expr)
	if err != nil || p.m.Package == "" {
		return p.m.Expr
	}
	ast.Inspect(expr, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			return false // it has its package, or is of a value
		case *ast.KeyValueExpr:
			qualify(n.Value, pkgname.Of(p.m.Package))
			return false
		case *ast.Ident:
			qualify(n, pkgname.Of(p.m.Package))
		}
		return true
	})
	var b strings.Builder
	_ = printer.Fprint(&b, token.NewFileSet(), expr) // a Builder takes it all
	return b.String()
}

// qualify puts the package before an exported name.
func qualify(e ast.Expr, pkg string) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			return false
		case *ast.Ident:
			if n.IsExported() {
				n.Name = pkg + "." + n.Name
			}
		}
		return true
	})
}

// standard are the packages that the program may need, with what tells that it does.
var standard = []string{"context", "fmt", "io", "maps", "math/rand/v2", "os", "runtime", "slices", "strconv", "strings", "sync", "sync/atomic", "time"}

// imports lists what the body uses.
func (p *program) imports() string {
	var ours, others []string
	for path, name := range p.m.Others {
		if path == p.m.Package && name == pkgname.Of(path) || !regexp.MustCompile(`\b`+name+`\.`).MatchString(p.body) {
			continue
		}
		if line := fmt.Sprintf("%s %q\n", name, path); external(path) {
			others = append(others, line)
		} else if !slices.Contains(standard, path) {
			ours = append(ours, line)
		}
	}
	slices.Sort(others)
	for _, name := range standard {
		word := path.Base(strings.TrimSuffix(name, "/v2"))
		if name != p.m.Package && regexp.MustCompile(`\b`+word+`\.[A-Z]`).MatchString(p.body) {
			ours = append(ours, fmt.Sprintf("%q\n", name))
		}
	}
	if p.m.Package != "" {
		line := fmt.Sprintf("%q\n", p.m.Package)
		if pkgname.Of(p.m.Package) != path.Base(p.m.Package) {
			line = pkgname.Of(p.m.Package) + " " + line
		}
		if external(p.m.Package) || p.m.Local {
			line = "\n" + line
		}
		ours = append(ours, line)
		if !external(p.m.Package) && !p.m.Local {
			slices.Sort(ours)
		}
	}
	return strings.Join(append(ours, others...), "")
}
