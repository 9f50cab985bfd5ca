package build

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"regexp"
	"strings"
)

// noFiles is what the go command says of a package none of whose files are for a build.
var noFiles = regexp.MustCompile(`(\S+): build constraints exclude all Go files`)

// ofExpression leaves of what the compiler says what it says of the expression, if anything: the
// program around it is none that anybody has written.
func ofExpression(said *CommandError) *CommandError {
	var lines []string
	for _, line := range strings.SplitAfter(said.Output, "\n") {
		if strings.HasPrefix(line, "expression:") || len(lines) > 0 && strings.HasPrefix(line, "\t") {
			lines = append(lines, line)
		} else if len(lines) > 0 {
			break // what follows is of something else
		}
	}
	if lines == nil {
		return said
	}
	return &CommandError{"go build", strings.Join(lines, "")}
}

// tells reports whether an error says what the expression lacks.
func tells(err error) bool {
	return strings.Contains(err.Error(), "not enough arguments")
}

// missing is what the compiler says of a name that is not there, or that is its package's own.
var missing = regexp.MustCompile(`(?m)^expression:.*(?:undefined: |name |not exported by package )(?:\w+\.)?([\pL_][\pL\pN_]*)( not exported by package \S+)?$`)

// why adds to what the compiler says of the expression why a name may not be there.
func (b *builder) why(ctx context.Context, s Spec, err error) error {
	var said *CommandError
	if !errors.As(err, &said) {
		return err
	}
	name := missing.FindStringSubmatch(said.Output)
	if name == nil {
		return err
	}
	if !ast.IsExported(name[1]) {
		return fmt.Errorf("%w\n  %s is not exported: want one that is, or use mapstress.Check in a test of the package", err, name[1])
	}
	out, failed := b.run(ctx, "", "list", "-e", "-find", "-f", `{{join .IgnoredGoFiles ", "}}`, "--", s.Package)
	if files := strings.TrimSpace(string(out)); failed == nil && files != "" && b.found != nil {
		return fmt.Errorf("%w\n  build constraints leave out %s: build tags are given as in GOFLAGS=-tags=NAME", err, files)
	}
	return err
}
