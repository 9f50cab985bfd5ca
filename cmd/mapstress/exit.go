package main

import (
	"errors"
	"os"
	"syscall"

	"github.com/mapstress/mapstress"
)

// The exit codes, all of them.
const (
	exitClean       = 0   // done, and nothing found on a target that promises to be safe
	exitFinding     = 1   // a bug was found, or a replayed case still fails
	exitUsage       = 2   // the command line, the configuration or an input is wrong
	exitBroken      = 70  // mapstress could not do its work, through no fault of the user's
	exitInterrupted = 130 // stopped by a signal, after writing what it had
)

// Outcomes that are not errors, but end with a code of their own.
var (
	errFinding     = errors.New("finding")
	errInterrupted = errors.New("interrupted")
)

// A brokenError is an error that is ours.
type brokenError struct{ error }

func (e brokenError) Unwrap() error { return e.error }

// exitCode gives the code for what a subcommand returned. What it does not know
// is a mistake in what the user asked for.
func exitCode(err error) int {
	var broken brokenError
	var child *mapstress.BrokenError
	var nowhere *mapstress.WorkDirError
	var system *os.SyscallError
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errFinding):
		return exitFinding
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.As(err, &nowhere) && !shortage(err):
		return exitUsage
	case errors.As(err, &broken), errors.As(err, &child), errors.As(err, &system):
		return exitBroken
	}
	return exitUsage
}

// shortage reports whether the system is short of something that may be there another time.
func shortage(err error) bool {
	for _, short := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM} {
		if errors.Is(err, short) {
			return true
		}
	}
	return false
}
