package oracle

import (
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

func TestParseContract(t *testing.T) {
	c, err := ParseContract(" range=weak, len=bounds,clear=per-key,clone=unchecked ")
	want := target.Contract{
		Range: target.Promise{Level: target.Weak}, Len: target.Promise{Level: target.Bounds},
		Clear: target.Promise{Level: target.PerKey}, Clone: target.Promise{Level: target.Unchecked},
	}
	if err != nil || c != want {
		t.Errorf("got %+v, %v", c, err)
	}
	if c, err := ParseContract(""); err != nil || c != (target.Contract{}) {
		t.Errorf("of nothing: %+v, %v", c, err)
	}
	c, err = ParseContract("in-range=calls, in-compute=panics+again")
	want = target.Contract{InRange: target.Callback{Calls: true}, InCompute: target.Callback{Panics: true, Again: true}}
	if err != nil || c != want {
		t.Errorf("of functions: %+v, %v", c, err)
	}
	for text, want := range map[string]string{
		"in-range=call": `in-range: unknown word "call"; want calls, panics or again, with + between them`,
		"len":           `len: unknown level ""; want one of linearizable, weak, bounds, per-key, lossy, at-rest, per-entry, repeating, unchecked`,
		"load=weak":     `load has no level "weak"; want one of linearizable lossy unchecked`,
	} {
		if _, err := ParseContract(text); err == nil || err.Error() != want {
			t.Errorf("%s: got %v; want %s", text, err, want)
		}
	}
	// What a level means is what the judge makes of it.
	for _, kind := range history.Kinds() {
		for level := target.Linearizable; level <= target.Unchecked; level++ {
			if c, err := ParseContract(kind.String() + "=" + level.String()); err == nil && promise(&c, kind).Level != level {
				t.Errorf("%s=%s is %+v", kind, level, c)
			}
		}
	}
}
