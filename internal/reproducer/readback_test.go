package reproducer

import (
	"strings"
	"testing"

	"github.com/mapstress/mapstress/oracle"
)

// TestReadBack: the program of a process that died when all calls were over reads the map back, as that
// did; other programs of crashes do not.
func TestReadBack(t *testing.T) {
	const schedule = "prefill 1\nw0 store k2 v3\nw1 load k1\n"
	for history, want := range map[string]string{
		"prefill k1=v1\nw0 [1..5] store k2 v3\nw1 [2..6] load k1 -> v1\n": `
	// All is at rest, and the map is read back.
	for n := 1; n <= 2; n++ {
		var end entry
		end.v, end.ok = m.Get(n)
		_ = end
	}
	m.Range(func(k int, _ int) bool {
		_ = k
		return true
	})
	_ = int(m.Len())
}
`,
		"prefill k1=v1\nw0 [1..5] store k2 v3\nw1 [2..] load k1\n": "",
		"w0 [1..5] store k2 v3\n":                                  "",
		"":                                                         "",
	} {
		c := caseOf(t, oracle.Sigsegv, "nil dereference", schedule, history)
		source, err := Write(c, plantedMap("int", "int", "load:Get", "store:Set", "range:Range", "len:Len"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(source); strings.Contains(got, "read back") != (want != "") || !strings.Contains(got, want) {
			t.Errorf("of %q, want %q in\n%s", history, want, got)
		}
	}
}
