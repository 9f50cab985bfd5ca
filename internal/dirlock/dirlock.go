// Package dirlock tells whether the process that uses a directory is still there.
//
// A lock ends with its process, however that ends, and counts for every process on
// the machine, in whatever container. It does not keep anybody from anything who
// does not ask.
package dirlock

import "errors"

// ErrLocked means that another holds the lock.
var ErrLocked = errors.New("the directory is in use")

// Lock locks a directory until unlock is called or the process ends. If it is
// locked already, by this process too, the error is ErrLocked; where there are no
// such locks, it is errors.ErrUnsupported.
func Lock(dir string) (unlock func(), err error) { return lock(dir) }
