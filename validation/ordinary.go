package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The ordinary way: goroutines call methods at random, and then one looks at what is
// there. It is a test, since it needs what tests need, and is run as one.
//
//go:embed ordinary_test.txt
var ordinaryTest string

// An outcome is what came of the ordinary way.
type outcome struct {
	found bool
	after time.Duration // that it took, or that it was tried for
	said  string        // first line of what was wrong
}

// String is the outcome as a cell of the table.
func (o outcome) String() string {
	if !o.found {
		return fmt.Sprintf("nothing in %.0f s", o.after.Seconds())
	}
	return fmt.Sprintf("%.1f s: %s", o.after.Seconds(), o.said)
}

// ratio is how many times as long the ordinary way took.
func ratio(o outcome, after time.Duration, found bool) string {
	r := o.after.Seconds() / max(after.Seconds(), 0.01)
	switch {
	case !found && !o.found:
		return ""
	case !found:
		return "only the ordinary way"
	case !o.found:
		return "over " + strconv.FormatFloat(r, 'f', precision(r), 64)
	}
	return strconv.FormatFloat(r, 'f', precision(r), 64)
}

// tryOrdinary builds the test of a row, and runs it until it fails or the time is over.
func tryOrdinary(ctx context.Context, r row, limit time.Duration) (o outcome, err error) {
	dir, err := os.MkdirTemp("", "mapstress-ordinary-")
	if err != nil {
		return o, err
	}
	defer os.RemoveAll(dir)
	imports, body, imported := strings.Cut(strings.TrimSpace(r.ordinary), "\n\n")
	if !imported || strings.HasPrefix(imports, "var ") { // of the standard library, which is there
		imports, body = "", r.ordinary
	}
	text := strings.NewReplacer("//IMPORTS", imports, "//SUBJECT", body).Replace(ordinaryTest)
	for name, content := range map[string]string{"go.mod": "module ordinary\n\ngo 1.23.0\n", "ordinary_test.go": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			return o, err
		}
	}
	err = r.with(func() error {
		if module, is := r.module(); is {
			if err := command(ctx, dir, "go", "get", module); err != nil {
				return err
			}
		}
		return command(ctx, dir, "go", "test", "-race", "-c", "-o", "ordinary.test", ".")
	})
	if err != nil {
		return o, err
	}
	started := time.Now()
	run := exec.CommandContext(ctx, filepath.Join(dir, "ordinary.test"), "-test.timeout=0")
	run.Dir = dir
	run.Env = append(os.Environ(), "ORDINARY_TIME="+limit.String(), "GORACE=halt_on_error=1")
	output, err := run.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return o, err
	}
	return outcome{err != nil, time.Since(started), wrong(string(output))}, nil
}

// wrong is the line of a failed test's output that says what was wrong.
func wrong(output string) string {
	for _, mark := range []string{"WARNING: DATA RACE", "fatal error: ", "panic: ", "ordinary_test.go:"} {
		if i := strings.Index(output, mark); i >= 0 {
			text, _, _ := strings.Cut(output[i:], "\n")
			if _, what, ok := strings.Cut(text, ": "); ok && mark == "ordinary_test.go:" {
				return what
			}
			return text
		}
	}
	return "it failed"
}

// command runs one in a directory.
func command(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "CGO_ENABLED=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, out)
	}
	return nil
}

// precision is how many digits of a ratio say something.
func precision(r float64) int {
	if r < 10 {
		return 1
	}
	return 0
}
