// Package build makes a child program of a map that is named by an expression: it writes
// a module that imports the map's package, has the go command build it, and keeps what
// comes of it.
//
// The program has the standard library, the tester's two lower floors and goleak, beside
// the map and what that needs.
package build

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// A Spec is a map to test: "github.com/puzpuzpuz/xsync/v3@v3.0.0 NewMapOf[int,int]()".
type Spec struct {
	Package string // import path
	Version string // of its module, after the @; empty for the standard library, or for the latest by the first build
	Expr    string // makes a map, in terms of the package's exported names
}

// Parse reads a Spec. It reports false for what is none: a word without a space.
func Parse(text string) (s Spec, is bool, err error) {
	where, expr, is := strings.Cut(strings.TrimSpace(text), " ")
	if !is {
		return s, false, nil
	}
	s.Package, s.Version, _ = strings.Cut(where, "@")
	s.Expr = strings.TrimSpace(expr)
	switch {
	case s.Package == "" || path.Clean(s.Package) != s.Package || strings.HasPrefix(s.Package, "."):
		return s, true, fmt.Errorf("package %q; want an import path, such as github.com/puzpuzpuz/xsync/v3@v3.0.0 (for a package of your own, see mapstress.Check)", s.Package)
	case s.Expr == "":
		return s, true, errors.New("no expression after the package; want one that makes a map, such as NewMapOf[int,int]()")
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

// external reports whether the package is of a module of its own.
func (s Spec) external() bool {
	first, _, _ := strings.Cut(s.Package, "/")
	return strings.Contains(first, ".")
}

// exprs returns the expressions to try: the one that was given; and where that is a bare
// name, those that are obvious.
func (s Spec) exprs() []string {
	if strings.ContainsAny(s.Expr, "({&") {
		return []string{s.Expr}
	}
	return []string{s.Expr + "()", "new(" + s.Expr + ")", s.Expr + "[int,int]()", "new(" + s.Expr + "[int,int])", s.Expr + "[string,int]()"}
}
