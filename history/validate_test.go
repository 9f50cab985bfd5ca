package history

import (
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	for text, want := range map[string]string{
		"w0 [1..2] load k1 -> absent\nw0 [2..3] load k1 -> absent\nw1 [2..] clear\nrest load k1 -> absent":                       "",
		"w0 [1..9] range -> nothing\nw0 [2..3] inside delete k1\nw1 [2..4] clear\nw0 [3..9] inside len -> 1\nw0 [9..9] len -> 1": "",
		"w0 [1..] range\nw0 [2..] inside len":                                                "",
		"w1 [1..9] range -> nothing\nw0 [2..3] inside delete k1":                             "w0 inside delete k1 of 2 is inside no compute or range of w0",
		"w0 [1..9] len -> 1\nw0 [2..3] inside delete k1":                                     "w0 inside delete k1 of 2 is inside no compute or range of w0",
		"w0 [1..9] range -> nothing\nw0 [8..10] inside delete k1":                            "w0 inside delete k1 of 8 is not within the interval of w0's range of 1",
		"w0 [1..9] range -> nothing\nw0 [2..5] inside delete k1\nw0 [4..6] inside delete k1": "w0 inside delete k1 of 4 is not in order; want the ops inside another one after the other",
		"w0 [3..2] load k1 -> absent":                                                        "w0 load k1 -> absent returned at 2, before it was called at 3",
		"w0 [1..5] delete k1\nw0 [4..6] load k1 -> absent":                                   "w0 calls load k1 at 4, before its delete k1 returns at 5; want one call at a time of each worker",
		"w0 [1..] delete k1\nw0 [4..6] load k1 -> absent":                                    "w0 calls load k1 at 4, though its delete k1 never returned",
		"w0 [1..2] delete k1\nrest load k2 -> absent":                                        "at rest k1 is not read, which w0 delete k1 names; want every key of the run, or none",
		"prefill k3=v3\nrest load k2 -> absent":                                              "at rest k3 is not read, which the prefill names; want every key of the run, or none",
		"rest load k2 -> absent\nrest load k1 -> absent":                                     "at rest k1 is read after k2; want each key once, in ascending order",
	} {
		h, err := ParseText(text)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := h.Validate(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
	h := &History{Events: []Event{{Inv: 2, Ret: 3}, {Inv: 1, Ret: 4, Worker: 1}}}
	if err := h.Validate(); err == nil || !strings.Contains(err.Error(), "want them in order") {
		t.Errorf("events out of order: %v", err)
	}
}
