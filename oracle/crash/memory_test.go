package crash

import (
	"fmt"
	"testing"

	"github.com/mapstress/mapstress/oracle"
)

// TestRefusedMemory: a process that was refused memory long before it had what it was to have died of a
// limit of somebody's, such as ulimit -v; one that had it, or wanted it at once, of itself.
func TestRefusedMemory(t *testing.T) {
	for _, c := range []struct {
		more, used string
		memory     int64
		want       oracle.Class
	}{
		{"8388608", "37257216", 8 << 30, oracle.Unknown},
		{"8388608", "37257216", 0, oracle.FatalError},
		{"8388608", "37257216", -1, oracle.FatalError},
		{"67108864", "4294967296", 8 << 30, oracle.FatalError},
		{"1099511627776", "37257216", 8 << 30, oracle.FatalError},
		{"18446744073709551615", "37257216", 8 << 30, oracle.FatalError},
	} {
		text := fmt.Sprintf("runtime: out of memory: cannot allocate %s-byte block (%s in use)\nfatal error: out of memory\n%s", c.more, c.used, stack)
		if v := Classify(Death{Stderr: text, ExitCode: 2, Memory: c.memory}); v.Class != c.want {
			t.Errorf("%s more than %s of %d: got %+v; want %v", c.more, c.used, c.memory, v, c.want)
		}
	}
}
