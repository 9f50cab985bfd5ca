//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package dirlock

import "errors"

func lock(string) (func(), error) { return nil, errors.ErrUnsupported }
