//go:build linux || darwin || freebsd || netbsd || openbsd

package corpus

import (
	"errors"
	"syscall"
)

// access reports why nothing can be written in a directory.
func access(dir string) error {
	const write = 2
	return syscall.Access(dir, write)
}

// isNotDir reports whether a path goes through what is no directory.
func isNotDir(err error) bool { return errors.Is(err, syscall.ENOTDIR) }
