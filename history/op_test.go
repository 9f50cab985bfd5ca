package history

import (
	"math/rand"
	"testing"
)

func TestOpText(t *testing.T) {
	for _, c := range []struct {
		op   Op
		text string
	}{
		{Op{Kind: Load, Key: 1}, "load k1"},
		{Op{Kind: Store, Key: 1, Value: 7}, "store k1 v7"},
		{Op{Kind: LoadOrStore, Key: 0, Value: MaxCode}, "load-or-store k0 v2147483647"},
		{Op{Kind: LoadAndDelete, Key: 1}, "load-and-delete k1"},
		{Op{Kind: Delete, Key: 1}, "delete k1"},
		{Op{Kind: Swap, Key: 1, Value: 7}, "swap k1 v7"},
		{Op{Kind: CompareAndSwap, Key: 1, Old: 7, Value: 9}, "compare-and-swap k1 v7 v9"},
		{Op{Kind: CompareAndDelete, Key: 1, Old: 7}, "compare-and-delete k1 v7"},
		{Op{Kind: Compute, Key: 1, Value: 7}, "compute k1 v7"},
		{Op{Kind: Increment, Key: 1}, "increment k1"},
		{Op{Kind: Range}, "range"},
		{Op{Kind: Custom, Name: "AddAndGet", Key: 1, Value: 7}, "custom:AddAndGet k1 v7"},
		{Op{Kind: Load, Key: 1, Inside: true}, "inside load k1"},
		{Op{Kind: Clear, Inside: true}, "inside clear"},
		{Op{Kind: Compute, Key: 1, Value: 7, Panics: true}, "compute k1 v7 panics"},
		{Op{Kind: Range, Panics: true}, "range panics"},
		{Op{Kind: Len}, "len"},
		{Op{Kind: Clear}, "clear"},
		{Op{Kind: Clone}, "clone"},
	} {
		if got := c.op.String(); got != c.text {
			t.Errorf("%+v is written %q, want %q", c.op, got, c.text)
		}
		if got, err := ParseOp(c.text); err != nil || got != c.op {
			t.Errorf("%q is read as %+v, %v; want %+v", c.text, got, err, c.op)
		}
	}
}

// Every kind has a word, and its ops survive the round trip.
func TestParseOpRoundTrip(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	seen := map[Kind]bool{}
	for i := 0; i < 2000; i++ {
		op := randomOp(r)
		seen[op.Kind] = true
		if got, err := ParseOp(op.String()); err != nil || got != op {
			t.Fatalf("%q is read as %+v, %v; want %+v", op, got, err, op)
		}
	}
	if len(seen) != len(Kinds()) { // 14 kinds, 2000 draws: one is missed once in 1e63
		t.Errorf("%d kinds drawn, want %d", len(seen), len(Kinds()))
	}
}

func TestParseOpErrors(t *testing.T) {
	for text, want := range map[string]string{
		"": `no op; want one such as "store k1 v7"`,
		"stor k1 v7": `unknown op "stor"; want one of load, store, load-or-store, load-and-delete, delete, swap, ` +
			`compare-and-swap, compare-and-delete, compute, increment, range, len, is-empty, clear, clone`,
		"custom: k1 v7":    `"custom:"; want the name of a method after custom:`,
		"custom:a/b k1 v7": `"custom:a/b"; want the name of a method after custom:`,
		"custom:A k1":      `"custom:A k1" has 1 operands; want "custom:A kN vN"`,
		"custom k1 v1": `unknown op "custom"; want one of load, store, load-or-store, load-and-delete, delete, swap, ` +
			`compare-and-swap, compare-and-delete, compute, increment, range, len, is-empty, clear, clone`,
		"store k1 v7 panics":  `"store k1 v7 panics", but store is given no function that could panic`,
		"inside range panics": `"inside range panics"; only the function of an op that is not inside another may panic`,
		"inside": `unknown op "inside"; want one of load, store, load-or-store, load-and-delete, delete, swap, ` +
			`compare-and-swap, compare-and-delete, compute, increment, range, len, is-empty, clear, clone`,
		"load":                   `"load" has 0 operands; want "load kN"`,
		"load k1 v1":             `"load k1 v1" has 2 operands; want "load kN"`,
		"range k1":               `"range k1" has 1 operands; want "range"`,
		"load v1":                `"v1" is not k and a number; want "load kN"`,
		"load k":                 `"k" is not k and a number; want "load kN"`,
		"load k-1":               `"k-1" is not k and a number from 0 to 2147483647; want "load kN"`,
		"store k1 v2147483648":   `"v2147483648" is not v and a number from 0 to 2147483647; want "store kN vN"`,
		"compare-and-swap k1 v1": `"compare-and-swap k1 v1" has 2 operands; want "compare-and-swap kN vOLD vN"`,
	} {
		if _, err := ParseOp(text); err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}

func TestKind(t *testing.T) {
	for _, k := range Kinds() {
		if got, err := ParseKind(k.String()); err != nil || got != k {
			t.Errorf("%q is read as %v, %v", k, got, err)
		}
	}
	if got := Kind(0).String(); got != "kind(0)" {
		t.Errorf("the zero Kind is written %q", got)
	}
	if _, err := ParseKind(""); err == nil {
		t.Error("no word is read as a kind")
	}
}
