package crash

import (
	"regexp"
	"sync"
)

// pattern returns a regular expression that is compiled when it is first used. A child
// uses none, and is started so often that the time to compile them all counts.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
