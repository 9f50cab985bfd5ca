// Package build makes a child program of a map that is named by an expression: it writes
// packages that import the map's, in a module of their own or as if they were in the user's
// module, has the go command build them, and keeps what comes of it.
//
// The program has the standard library, the tester's two lower floors and goleak, beside
// the map and what that needs.
package build

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/internal/pkgname"
)

// A Spec is a map to test: "github.com/puzpuzpuz/xsync/v3@v3.0.0 NewMapOf[int,int]()"; and
// how to build it.
type Spec struct {
	Package string // import path, or a directory of the module at hand: ./internal/cache
	Version string // of its module, after the @; empty for the module at hand, or for the latest by the first build
	Expr    string // makes a map, in terms of the package's exported names

	Go         string // toolchain, such as go1.24.6; empty is the one at hand
	Race       bool   // with the race detector
	Controlled bool   // for controlled runs
}

// Parse reads a Spec. It reports false for what is none: a word without a space.
func Parse(text string) (s Spec, is bool, err error) {
	where, expr, is := strings.Cut(strings.TrimSpace(text), " ")
	if !is {
		return s, false, nil
	}
	var versioned bool
	s.Package, s.Version, versioned = strings.Cut(where, "@")
	s.Expr = strings.TrimSpace(expr)
	switch {
	case s.local() && s.Version != "":
		return s, true, fmt.Errorf("package %q with version %q; a directory has none", s.Package, s.Version)
	case s.local() && strings.Contains(s.Package, "..."), s.Package == "",
		!s.local() && (path.Clean(s.Package) != s.Package || path.IsAbs(s.Package)):
		return s, true, fmt.Errorf("package %q; want an import path, such as github.com/puzpuzpuz/xsync/v3@v3.0.0, or a directory, such as ./internal/cache", s.Package)
	case strings.Contains(s.Version, "/"):
		version, below, _ := strings.Cut(s.Version, "/")
		return s, true, fmt.Errorf("package %q; want the version behind the whole path, as in %s/%s@%s", where, s.Package, below, version)
	case versioned && s.Version == "":
		return s, true, fmt.Errorf("package %q; want a version after the @, such as v3.0.0", where)
	case s.Expr == "":
		return s, true, errors.New("no expression after the package; want one that makes a map, such as NewMapOf[int,int]()")
	}
	if _, err := parser.ParseExpr(s.Expr); err != nil {
		return s, true, fmt.Errorf("expression %q: %w", s.Expr, err)
	}
	return s, true, nil
}

// String returns what Parse reads.
func (s Spec) String() string {
	if s.Version == "" {
		return s.Package + " " + s.Expr
	}
	return s.Package + "@" + s.Version + " " + s.Expr
}

// local reports whether the package is named by its directory.
func (s Spec) local() bool {
	return s.Package == "." || s.Package == ".." || strings.HasPrefix(s.Package, "./") || strings.HasPrefix(s.Package, "../")
}

// external reports whether the package is of a module of its own.
func (s Spec) external() bool {
	first, _, _ := strings.Cut(s.Package, "/")
	return strings.Contains(first, ".")
}

// bare reports whether the expression is a name, of which a call is to be made.
func (s Spec) bare() bool { return !strings.ContainsAny(s.Expr, "({&") }

// typeArguments are what a generic map is tried with.
var typeArguments = []string{"[int,int]", "[string,int]", "[int]"}

var generic = regexp.MustCompile(`^([\w.]+)(\(.*)$`)

// exprs returns the expressions to try: the one that was given; and where that lacks
// arguments or type arguments, those that are obvious.
func (s Spec) exprs() (all []string) {
	if s.bare() {
		all = []string{s.Expr + "()", "new(" + s.Expr + ")"}
		if !strings.Contains(s.Expr, "[") {
			for _, types := range typeArguments {
				all = append(all, s.Expr+types+"()", "new("+s.Expr+types+")")
			}
		}
		return append(all, s.Expr) // a variable: it is told that all would share it
	}
	all = []string{s.Expr}
	if call := generic.FindStringSubmatch(s.Expr); call != nil && call[1] != "new" {
		for _, types := range typeArguments {
			all = append(all, call[1]+types+call[2])
		}
	}
	return all
}

// wanted are the parameters of a call that has no arguments, as the compiler tells them.
var wanted = regexp.MustCompile(`(?m)^(?:.* in call to ([\w.]+)[^\n]*\n)?\s+have \(\)\n\s+want \((.*)\)$`)

// obvious are arguments by the types of their parameters: room for more entries than a run stores,
// time enough, and the options that are none.
var obvious = []struct {
	of    *regexp.Regexp
	value string
}{
	{regexp.MustCompile(`^u?int(8|16|32|64|ptr)?$`), "8192"},
	{regexp.MustCompile(`^time\.Duration$`), "24*time.Hour"},
	{regexp.MustCompile(`^context\.Context$`), "context.Background()"},
	{regexp.MustCompile(`^(\*|func\(|map\[|\[\])`), "nil"},
	// A type of somebody's that is a callback by its name; whether it can be nil the compiler says.
	{regexp.MustCompile(`(?i)\.\w*(callback|func|hook|handler|listener|onevict\w*)(\[.*\])?$`), "nil"},
}

// somebodys is a type of somebody's, such as cache.Size or cache.Options.
var somebodys = regexp.MustCompile(`^(\w+\.)([A-Z]\w*)(\[.*\])?$`)

// guesses are what an argument of a type may be: one thing by its obvious value; of a type of
// somebody's a number, or what the package has for a default, DefaultOptions of Options, or the zero
// value of a struct; of what loads a function that answers an error, or none, if a type in it cannot be named.
// Which of these it is the compiler says.
func guesses(param string) [5]string {
	if f := failing(param); f != "" {
		return [5]string{f, f, f, f, "nil"}
	}
	for _, o := range obvious {
		if o.of.MatchString(param) {
			return [5]string{o.value, o.value, o.value, o.value, o.value}
		}
	}
	if t := somebodys.FindStringSubmatch(param); t != nil {
		zero := t[1] + t[2] + t[3] + "{}"
		return [5]string{"8192", t[1] + "Default" + t[2], t[1] + "Default" + t[2] + t[3] + "()", zero, zero}
	}
	return [5]string{}
}

// failing is a function of a type that answers something or an error, as what loads what a cache does not have:
// it answers an error. It is empty for other types.
func failing(param string) string {
	e, _ := parser.ParseExpr(param)
	f, ok := e.(*ast.FuncType)
	if !ok || f.Results.NumFields() != 2 {
		return ""
	}
	text := func(e ast.Expr) string { return param[e.Pos()-1 : e.End()-1] }
	results := f.Results.List
	if text(results[len(results)-1].Type) != "error" || text(results[0].Type) == "error" {
		return ""
	}
	var in []string
	for _, field := range f.Params.List {
		for range max(len(field.Names), 1) {
			in = append(in, "_ "+text(field.Type))
		}
	}
	return fmt.Sprintf("func(%s) (_ %s, err error) { err = context.Canceled; return }", strings.Join(in, ", "), text(results[0].Type))
}

// wholePath is how the compiler names a package where there are two of that name.
var wholePath = regexp.MustCompile(`"[^"]+"`)

func packageName(quoted string) string { return pkgname.Of(strings.Trim(quoted, `"`)) }

// given returns the calls of a bare name with arguments that are obvious, by what the compiler
// said of it without any; none if one is not obvious. It may have said so of an argument, which
// is a call, too.
func (s Spec) given(expr, said string) (calls []string) {
	want := wanted.FindStringSubmatch(said)
	if want == nil || !s.bare() {
		return nil
	}
	call := strings.TrimSuffix(expr, "()") + "(%s)"
	if strings.Contains(strings.TrimSuffix(expr, "()"), "(") {
		before, after, found := strings.Cut(expr, want[1]+"()")
		if !found || want[1] == "" {
			return nil
		}
		call = before + want[1] + "(%s)" + after
	}
	var args [5][]string
	for _, param := range splitTypes(wholePath.ReplaceAllStringFunc(want[2], packageName)) {
		if strings.HasPrefix(param, "...") {
			break
		}
		for i, guess := range guesses(param) {
			if guess == "" {
				return nil
			}
			args[i] = append(args[i], guess)
		}
	}
	for _, these := range args {
		calls = append(calls, fmt.Sprintf(call, strings.Join(these, ", ")))
	}
	return slices.Compact(calls)
}

// splitTypes splits a list of types at the commas that are within no brackets.
func splitTypes(list string) (types []string) {
	depth, from := 0, 0
	for i, c := range list + "," {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ',':
			if depth == 0 {
				types = append(types, strings.TrimSpace(list[from:i]))
				from = i + 1
			}
		}
	}
	return types
}

// standard are the packages that an expression may name without more ado.
var standard = []string{"context", "math", "runtime", "strings", "sync", "time"}

// imports returns what a program must import for an expression: the map's package, whose
// name is given, by that name or without one, as the expression has it; some packages of the
// standard library; and of others, which are given by their names, those that it names. Of these
// it returns the names by their paths, too.
func (s Spec) imports(expr, name string, others map[string]string) (lines []string, more map[string]string) {
	bare, used, fields := false, map[string]bool{}, map[ast.Node]bool{}
	e, err := parser.ParseExpr(expr)
	if err != nil {
		bare = true
	} else {
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok {
					used[x.Name] = true
					return false
				}
			case *ast.KeyValueExpr:
				fields[n.Key] = true
			case *ast.Ident:
				bare = bare || ast.IsExported(n.Name) && !fields[n]
			}
			return true
		})
	}
	if bare || !used[name] {
		lines = append(lines, fmt.Sprintf(". %q", s.Package))
	}
	if used[name] {
		lines = append(lines, fmt.Sprintf("%s %q", name, s.Package))
	}
	for _, std := range standard {
		if used[std] && std != name {
			lines = append(lines, fmt.Sprintf("%q", std))
		}
	}
	more = map[string]string{}
	for x := range used {
		if p, ok := others[x]; ok && x != name && !slices.Contains(standard, x) {
			lines = append(lines, fmt.Sprintf("%s %q", x, p))
			more[p] = x
		}
	}
	slices.Sort(lines)
	return lines, more
}
