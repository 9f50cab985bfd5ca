package target

import (
	"maps"
	"strings"
	"testing"
)

// TestCustomOnCodes: a method of one's own is called with keys and values, and its answer
// and its model's are in codes.
func TestCustomOnCodes(t *testing.T) {
	held := map[string]string{}
	swap := Custom[string, string]{
		Name: "Swap",
		Call: func(k, v string) any {
			old := held[k]
			held[k] = v
			return []any{k, v, old, 7, nil}
		},
		Model: func(m map[string]string, k, v string) any {
			old := m[k]
			m[k] = v
			return []any{k, v, old, 7, nil}
		},
	}
	tgt := Adapt("m", String(), String(), func() Map[string, string] {
		return Map[string, string]{Custom: []Custom[string, string]{swap}}
	}, Contract{})
	m := tgt.Variants[0].New()
	want := []string{"[v3 v5  7 <nil>]", "[v3 v6 v5 7 <nil>]"} // a key that is a value, too, is called that
	model := map[uint64]uint64{}
	for i, want := range want {
		if got := m.Custom[0].Call(3, uint64(5+i)); got != want {
			t.Errorf("call %d answers %q; want %q", i, got, want)
		}
		if got, err := tgt.Variants[0].Models()[0].Do(model, 3, uint64(5+i)); err != nil || got != want {
			t.Errorf("model %d answers %q, %v; want %q", i, got, err, want)
		}
	}
	if !maps.Equal(model, map[uint64]uint64{3: 6}) || held[String().Encode(3)] != String().Encode(6) {
		t.Errorf("the model is left with %v, the map with %q", model, held)
	}
	if err := CheckModels(&tgt.Variants[0]); err != nil {
		t.Error(err)
	}
}

// TestCustomAfterRenewal: the method is that of the map that there is now.
func TestCustomAfterRenewal(t *testing.T) {
	made := 0
	tgt := Adapt("m", Int(), Int(), func() Map[int, int] {
		made++
		number := made
		return Map[int, int]{Custom: []Custom[int, int]{{Name: "Which", Call: func(int, int) any { return []any{"map", -number} }}}}
	}, Contract{})
	m := tgt.Variants[0].New()
	own := m.Own()
	before := own.Custom[0].Call(1, 1)
	m.Renew()
	if after := own.Custom[0].Call(1, 1); before != "[map -1]" || after != "[map -2]" {
		t.Errorf("answers %q, and once renewed %q", before, after)
	}
}

// TestCheckModelsTwice: two methods of one name could not be told apart.
func TestCheckModelsTwice(t *testing.T) {
	own := Custom[int, int]{Name: "A", Model: func(map[int]int, int, int) any { return nil }}
	tgt := Adapt("m", Int(), Int(), func() Map[int, int] { return Map[int, int]{Custom: []Custom[int, int]{own, own}} }, Contract{})
	if err := CheckModels(&tgt.Variants[0]); err == nil || !strings.Contains(err.Error(), "two methods called custom:A") {
		t.Errorf("%v", err)
	}
}
