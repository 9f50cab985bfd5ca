package crash

import "strconv"

// allocation is what the runtime prints before it gives up for want of memory.
var allocation = pattern(`(?m)^runtime: out of memory: cannot allocate (\d+)-byte block \((\d+) in use\)$`)

// refused reports whether the process wanted much less memory than it was to have: a limit of
// somebody's, as by ulimit, is no fault of the target's.
func (d Death) refused() bool {
	m := allocation().FindStringSubmatch(d.Stderr)
	if m == nil || d.Memory <= 0 {
		return false
	}
	more, err := strconv.ParseUint(m[1], 10, 64)
	used, failed := strconv.ParseUint(m[2], 10, 64)
	const most = 1 << 62 // or the sum might overflow
	return err == nil && failed == nil && more < most && used < most && more+used < uint64(d.Memory)/8
}
