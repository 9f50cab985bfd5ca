package build

import (
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
