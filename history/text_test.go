package history

import (
	"math/rand"
	"reflect"
	"strings"
	"testing"
)

// everything is a history with every line there is, in its canonical form.
const everything = `prefill k1=v1 k2=v2
w0 [-5..-1] store k9 v100
w1 [120..210] load k9 -> v100
w1 [220..230] load k9 -> absent
w1 [231..232] load k9 -> foreign
w0 [240..260] compare-and-swap k1 v1 v7 -> true
w0 [261..262] compare-and-delete k1 v1 -> false
w1 [300..] delete k9
w2 [305..] load k9
w3 [306..] range -> k1=v1 ...
w4 [307..] range
w0 [310..390] range -> k1=v1 foreign=v2 k3=foreign
w0 [391..392] range -> nothing
w0 [393..394] range -> ...
w0 [395..396] load-or-store k8 v5 -> v5 stored
w0 [397..398] load-or-store k8 v6 -> v5 loaded
w0 [399..399] load-or-store k8 v6 -> foreign loaded
w0 [400..410] len -> -2
w0 [411..412] swap k8 v7 -> v18446744073709551614
w0 [413..414] compute k8 v7 -> absent
w0 [414..414] compute k8 v7 -> v5 calls=2
w0 [414..414] compute k8 v7 -> absent calls=0
w0 [414..414] compute k8 v7 panics -> v5
w0 [414..414] compute k8 v7 panics -> absent calls=2 swallowed
w0 [414..414] range panics -> k1=v1 ...
w0 [414..414] range panics -> k1=v1 ... swallowed
w0 [414..415] range -> nothing
w0 [414..414] inside load k1 -> v1
w0 [415..415] inside compute k1 v8 -> v1
w0 [415..415] custom:AddAndGet k1 v8 -> "v9"
w0 [415..415] custom:a.b-c_1 k1 v8 -> "a -> b\n"
w1 [415..] custom:AddAndGet k1 v8
w0 [415..416] load-and-delete k8 -> v7
w0 [417..418] increment k8
w0 [418..418] is-empty -> false
w0 [419..420] clear
w0 [421..422] clone
held load k1 -> v1
held load k2 -> absent
held range -> k1=v1
held len -> 1
held is-empty -> false
w0 [423..424] clone
held
w0 [425..426] clone
rest load k1 -> v1
rest range -> k1=v1 ...
rest len -> -1
rest is-empty -> true
foreign "value \"an interface\nof type \xff\""
foreign ""
`

func TestTextRoundTrip(t *testing.T) {
	for _, text := range []string{"", "rest\n", everything} {
		h, err := ParseText(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := Text(h); got != text {
			t.Errorf("got\n%s\nwant\n%s", got, text)
		}
	}
}

func TestParseTextMeaning(t *testing.T) {
	h, err := ParseText(everything)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want any }{
		{h.Prefill, []Entry{{1, 1}, {2, 2}}},
		{h.Events[0], Event{Op: Op{Kind: Store, Key: 9, Value: 100}, Inv: -5, Ret: -1}},
		{h.Events[1], Event{Op: Op{Kind: Load, Key: 9}, Worker: 1, Inv: 120, Ret: 210, Out: 100, OK: true}},
		{h.Events[4].Op, Op{Kind: CompareAndSwap, Key: 1, Old: 1, Value: 7}},
		{h.Events[6], Event{Op: Op{Kind: Delete, Key: 9}, Worker: 1, Inv: 300, Ret: Pending}},
		{h.Events[8].Seen, &Contents{Entries: []Entry{{1, 1}}}},
		{h.Events[9].Seen, (*Contents)(nil)},
		{h.Events[10].Seen, &Contents{Entries: []Entry{{1, 1}, {foreignCode, 2}, {3, foreignCode}}, Ranged: true}},
		{h.Events[11].Seen, &Contents{Ranged: true}},
		{int64(h.Events[16].Out), int64(-2)},
		{h.Events[18], Event{Op: Op{Kind: Compute, Key: 8, Value: 7}, Inv: 413, Ret: 414, Calls: 1}},
		{h.Events[19].Calls, 2},
		{h.Events[20].Calls, 0},
		{h.Events[22], Event{Op: Op{Kind: Compute, Key: 8, Value: 7, Panics: true}, Inv: 414, Ret: 414, Calls: 2, Swallowed: true}},
		{h.Events[24].Swallowed, true},
		{h.Events[28], Event{Op: Op{Kind: Custom, Name: "AddAndGet", Key: 1, Value: 8}, Inv: 415, Ret: 415, Answer: "v9"}},
		{h.Events[29].Answer, "a -> b\n"},
		{h.Events[26], Event{Op: Op{Kind: Load, Key: 1, Inside: true}, Inv: 414, Ret: 414, Out: 1, OK: true}},
		{h.Events[35].Seen, &Contents{
			Loads:   []Reading{{Entry{1, 1}, true}, {Entry{Key: 2}, false}},
			Entries: []Entry{{1, 1}}, Ranged: true, Len: 1, HasLen: true, HasEmpty: true,
		}},
		{h.Events[36].Seen, &Contents{}},
		{h.Events[37].Seen, (*Contents)(nil)},
		{h.Rest, &Contents{Loads: []Reading{{Entry{1, 1}, true}}, Entries: []Entry{{1, 1}}, Len: -1, HasLen: true, Empty: true, HasEmpty: true}},
		{h.Foreign, []string{"value \"an interface\nof type \xff\"", ""}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("got %+v, want %+v", c.got, c.want)
		}
	}
}

// What a person may write by hand is read, and comes out in canonical form.
func TestParseTextLenient(t *testing.T) {
	h, err := ParseText("# a comment\r\n\r\n  prefill k1=v01\nprefill k2=v2\nw0  [1..2]  load   k1->  v1  \nrest")
	if err != nil {
		t.Fatal(err)
	}
	want := "prefill k1=v1 k2=v2\nw0 [1..2] load k1 -> v1\nrest\n"
	if got := Text(h); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestParseTextErrors(t *testing.T) {
	const parts = `want "load kN -> vN", "load kN -> absent", one "range -> kN=vN ...", one "len -> N" or one "is-empty -> true"`
	const computes = `compute answers vN or absent; calls=N at the end if it did not call its function once`
	for text, want := range map[string]string{
		"\n#\nstore k1 v1":                       `history line 3: unknown word "store"; want earlier, prefill, rest, held, foreign, or a worker such as w0`,
		"w [1..2] load k1":                       `history line 1: unknown word "w"; want earlier, prefill, rest, held, foreign, or a worker such as w0`,
		"w-1 [1..2] load k1":                     `history line 1: unknown word "w-1"; want earlier, prefill, rest, held, foreign, or a worker such as w0`,
		"w0":                                     `history line 1: stamps ""; want [CALLED..RETURNED], or [CALLED..] if it never returned`,
		"w0 load k1 -> v1":                       `history line 1: stamps "load"; want [CALLED..RETURNED], or [CALLED..] if it never returned`,
		"w0 [1,2] load k1":                       `history line 1: stamps "[1,2]"; want [CALLED..RETURNED], or [CALLED..] if it never returned`,
		"w0 [1..x] load k1":                      `history line 1: stamps "[1..x]"; want [CALLED..RETURNED], or [CALLED..] if it never returned`,
		"w0 [..2] load k1":                       `history line 1: stamps "[..2]"; want [CALLED..RETURNED], or [CALLED..] if it never returned`,
		"w0 [1..2]":                              `history line 1: no op; want one such as "store k1 v7"`,
		"w0 [1..2] load":                         `history line 1: "load" has 0 operands; want "load kN"`,
		"w0 [1..2] load k1":                      `history line 1: answer ""; load answers vN or absent`,
		"w0 [1..2] load k1->":                    `history line 1: answer ""; load answers vN or absent`,
		"w0 [1..2] swap k1 v2 -> k1":             `history line 1: answer "k1"; swap answers vN or absent`,
		"w0 [1..2] compute k1 v2 -> v1 calls=-1": `history line 1: answer "v1 calls=-1"; ` + computes,
		"w0 [1..2] compute k1 v2 -> calls=2":     `history line 1: answer "calls=2"; ` + computes,
		"w0 [1..2] range -> k1=v1 swallowed":     `history line 1: "swallowed" of an op whose function does not panic`,
		"w0 [1..2] custom:A k1 v1 -> v1":         `history line 1: answer "v1"; custom answers what it answered, quoted`,
		"w0 [1..2] custom:A k1 v1":               `history line 1: answer ""; custom answers what it answered, quoted`,
		"w0 [1..2] load k1 -> v1 calls=2":        `history line 1: answer "v1 calls=2"; load answers vN or absent`,
		"w0 [1..2] store k1 v1 -> v2":            `history line 1: answer "v2"; store answers present or absent, or nothing`,
		"w0 [1..2] increment k1 -> true":         `history line 1: answer "true", but increment answers nothing`,
		"w0 [1..2] clone -> k1=v1":               `history line 1: answer "k1=v1" of a clone; want what it held on lines below it, such as held range -> k1=v1`,
		"w0 [1..] load k1 -> v1":                 `history line 1: answer "v1" of an op that never returned`,
		"w0 [1..2] len -> v1":                    `history line 1: answer "v1"; len answers a number`,
		"w0 [1..2] compare-and-delete k1 v1":     `history line 1: answer ""; compare-and-delete answers true or false`,
		"w0 [1..2] load-or-store k1 v1 -> v1":    `history line 1: answer "v1"; load-or-store answers vN loaded, or vN stored`,
		"w0 [1..2] range -> k1": `history line 1: answer "k1"; range answers entries such as k1=v1, ` +
			`or nothing; ... at the end if it did not run to its end`,
		"w0 [1..2] range ->": `history line 1: answer ""; range answers entries such as k1=v1, ` +
			`or nothing; ... at the end if it did not run to its end`,
		"w0 [5..6] clear\nw1 [4..9] clear":           `history line 2: an event of 4 after one of 5; want them in order of their calls`,
		"prefill k1 v1":                              `history line 1: "k1" is not an entry; want one such as k1=v1`,
		"prefill k2=v1 k1=v1":                        `history line 1: prefill has k1 after k2; want ascending keys`,
		"held len -> 1":                              `history line 1: "held" without a clone above it`,
		"w0 [1..2] clear\nheld":                      `history line 2: "held" without a clone above it`,
		"rest load -> v1":                            `history line 1: "load -> v1"; ` + parts,
		"rest load k1":                               `history line 1: "load k1"; ` + parts,
		"rest is-empty -> 1":                         `history line 1: "is-empty -> 1"; ` + parts,
		"rest len -> 1\nrest len -> 1":               `history line 2: "len -> 1"; ` + parts,
		"rest range -> nothing\nrest range -> k1=v1": `history line 2: "range -> k1=v1"; ` + parts,
		"foreign torn":                               `history line 1: foreign "torn"; want a quoted text`,
		"foreign '" + strings.Repeat("x", 99):        `history line 1: foreign "'` + strings.Repeat("x", 59) + `..."; want a quoted text`,
	} {
		if _, err := ParseText(text); err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}

// FuzzParseText: whatever parses has a canonical form, which says the same.
func FuzzParseText(f *testing.F) {
	for _, line := range strings.SplitAfter(everything, "\n") {
		f.Add(line)
	}
	f.Add(everything)
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParseText(text)
		if err != nil {
			return
		}
		again, err := ParseText(Text(h))
		if err != nil {
			t.Fatalf("%v, in the canonical form\n%s", err, Text(h))
		}
		if !reflect.DeepEqual(again, h) {
			t.Fatalf("got %+v, want %+v", again, h)
		}
	})
}

func TestRandomHistoriesRoundTrip(t *testing.T) {
	for seed := int64(0); seed < 300; seed++ {
		h := randomHistory(rand.New(rand.NewSource(seed)))
		got, err := ParseText(Text(h))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !reflect.DeepEqual(got, h) {
			t.Fatalf("seed %d:\n got %+v\nwant %+v", seed, got, h)
		}
	}
}

// randomHistory makes a history in which what means nothing is zero.
func randomHistory(r *rand.Rand) *History {
	h := &History{}
	for k, n := uint64(0), r.Intn(4); n > 0; n-- {
		k += 1 + uint64(r.Intn(3))
		h.Prefill = append(h.Prefill, Entry{k, randomCode(r)})
	}
	now := int64(0)
	for n := r.Intn(30); n > 0; n-- {
		now += int64(r.Intn(5))
		h.Events = append(h.Events, randomEvent(r, now))
	}
	if r.Intn(2) == 0 {
		h.Rest = randomContents(r)
	}
	return h
}

func randomEvent(r *rand.Rand, now int64) Event {
	e := Event{Op: randomOp(r), Worker: r.Intn(4), Inv: now, Ret: now + int64(r.Intn(9))}
	if r.Intn(8) == 0 {
		e.Ret = Pending
	}
	switch e.Kind {
	case Range:
		c := randomContents(r)
		e.Seen = &Contents{Entries: c.Entries, Ranged: c.Ranged}
	case Clone:
		e.Seen = randomContents(r)
	}
	if e.Ret == Pending {
		return e
	}
	switch e.Kind {
	case Load, LoadAndDelete, Swap, Compute:
		if e.OK = r.Intn(2) == 0; e.OK {
			e.Out = randomCode(r)
		}
		if e.Kind == Compute {
			e.Calls = r.Intn(4)
		}
	case LoadOrStore:
		e.Out, e.OK = randomCode(r), r.Intn(2) == 0
	case CompareAndSwap, CompareAndDelete, IsEmpty:
		e.OK = r.Intn(2) == 0
	case Store, Delete:
		e.Told = r.Intn(2) == 0
		e.OK = e.Told && r.Intn(2) == 0
	case Len:
		e.Out = uint64(int64(r.Intn(9) - 2))
	}
	return e
}

func randomOp(r *rand.Rand) Op {
	op := Op{Kind: Kinds()[r.Intn(len(Kinds()))]}
	if op.Kind.Keyed() {
		op.Key = uint64(r.Intn(MaxCode))
	}
	value, old := op.Kind.operands()
	if value {
		op.Value = uint64(r.Intn(MaxCode))
	}
	if old {
		op.Old = uint64(r.Intn(MaxCode))
	}
	return op
}

func randomContents(r *rand.Rand) *Contents {
	c := &Contents{Ranged: r.Intn(2) == 0}
	for n := r.Intn(3); n > 0; n-- {
		c.Entries = append(c.Entries, Entry{randomCode(r), randomCode(r)})
		if r.Intn(2) == 0 {
			c.Loads = append(c.Loads, Reading{Entry{randomCode(r), randomCode(r)}, true})
		} else {
			c.Loads = append(c.Loads, Reading{Entry: Entry{Key: randomCode(r)}})
		}
	}
	if c.HasLen = r.Intn(2) == 0; c.HasLen {
		c.Len = r.Intn(5) - 1
	}
	return c
}

func randomCode(r *rand.Rand) uint64 {
	if r.Intn(5) == 0 {
		return foreignCode
	}
	return r.Uint64()
}
