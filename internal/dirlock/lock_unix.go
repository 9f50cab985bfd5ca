//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package dirlock

import (
	"errors"
	"os"
	"sync"
	"syscall"
)

func lock(dir string) (func(), error) {
	// Not an os.File: one that nobody reaches any more would be closed.
	fd, err := syscall.Open(dir, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "lock", Path: dir, Err: err}
	}
	err = syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return sync.OnceFunc(func() { syscall.Close(fd) }), nil
	}
	syscall.Close(fd)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, ErrLocked
	case errors.Is(err, syscall.ENOLCK), errors.Is(err, syscall.EINVAL), errors.Is(err, syscall.EBADF):
		return nil, errors.ErrUnsupported // some network file systems
	}
	return nil, &os.PathError{Op: "lock", Path: dir, Err: err}
}
