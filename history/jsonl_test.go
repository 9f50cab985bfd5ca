package history

import (
	"reflect"
	"strings"
	"testing"
)

// TestReadJSON reads one of everything: the text form says what it means.
func TestReadJSON(t *testing.T) {
	h, names, err := ReadJSON(strings.NewReader(`
{"op":"prefill","key":"b","value":2}
{"op":"prefill","key":7,"value":1}
{"op":"load","worker":1,"call":30,"return":40,"key":"b","ok":true,"out":2}
{"op":"store","worker":0,"call":10,"return":20,"key":"b","value":{"x": [1, 2]}}
{"op":"load-or-store","worker":0,"call":41,"return":42,"key":9,"value":3,"ok":false}
{"op":"load-or-store","worker":0,"call":43,"return":44,"key":9,"value":4,"ok":true,"out":3}
{"op":"load-and-delete","worker":0,"call":45,"return":46,"key":9,"ok":true,"out":3}
{"op":"delete","worker":0,"call":47,"return":47,"key":9}
{"op":"delete","worker":0,"call":48,"return":48,"key":9,"ok":false}
{"op":"swap","worker":0,"call":49,"return":50,"key":9,"value":5,"ok":false}
{"op":"compare-and-swap","worker":0,"call":51,"return":52,"key":9,"old":5,"value":6,"ok":true}
{"op":"compare-and-delete","worker":0,"call":53,"return":54,"key":9,"old":5,"ok":false}
{"op":"compute","worker":0,"call":55,"return":56,"key":9,"value":7,"ok":true,"out":6,"calls":2}
{"op":"compute","worker":0,"call":57,"return":58,"key":9,"value":8,"ok":true,"out":7}
{"op":"range","worker":0,"call":59,"return":60,"entries":[["b",2]],"complete":false}
{"op":"range","worker":0,"call":61,"return":62}
{"op":"len","worker":0,"call":63,"return":64,"out":-1}
{"op":"is-empty","worker":0,"call":64,"return":64,"ok":true}
{"op":"clone","worker":0,"call":65,"return":66,"entries":[[9,8]]}
{"op":"clear","worker":0,"call":67,"return":null}
{"op":"rest-load","key":"b","ok":false}
{"op":"rest-load","key":9,"ok":true,"out":-1}
{"op":"rest-range","entries":[[9,-1]]}
{"op":"rest-len","out":1}
{"op":"rest-is-empty","ok":false}
`))
	if err != nil {
		t.Fatal(err)
	}
	const want = `prefill k7=v1 k10=v2
w0 [10..20] store k10 v9
w1 [30..40] load k10 -> v2
w0 [41..42] load-or-store k9 v3 -> v3 stored
w0 [43..44] load-or-store k9 v4 -> v3 loaded
w0 [45..46] load-and-delete k9 -> v3
w0 [47..47] delete k9
w0 [48..48] delete k9 -> false
w0 [49..50] swap k9 v5 -> absent
w0 [51..52] compare-and-swap k9 v5 v6 -> true
w0 [53..54] compare-and-delete k9 v5 -> false
w0 [55..56] compute k9 v7 -> v6 calls=2
w0 [57..58] compute k9 v8 -> v7
w0 [59..60] range -> k10=v2 ...
w0 [61..62] range -> nothing
w0 [63..64] len -> -1
w0 [64..64] is-empty -> true
w0 [65..66] clone
held range -> k9=v8
w0 [67..] clear
rest load k9 -> v10
rest load k10 -> absent
rest range -> k9=v10
rest len -> 1
rest is-empty -> false
`
	if got := Text(h); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	wantNames := Names{
		Keys:   map[uint64]string{10: `"b"`},
		Values: map[uint64]string{9: `{"x":[1,2]}`, 10: "-1"},
	}
	if !reflect.DeepEqual(names, wantNames) {
		t.Errorf("names %v; want %v", names, wantNames)
	}
}

func TestReadJSONErrors(t *testing.T) {
	for line, want := range map[string]string{
		`{`:              "unexpected EOF; want an object such as",
		`{"opp":"load"}`: `unknown field "opp"`,
		`{"op":"get"}`:   `unknown op "get"; want one of load, `,
		`{"op":"load","call":1,"key":1,"ok":false}`:                                                                           `no "worker"`,
		`{"op":"load","worker":0,"key":1,"ok":false}`:                                                                         `no "call"`,
		`{"op":"load","worker":0,"call":5,"return":4,"key":1,"ok":false}`:                                                     "it returned at 4, before it was called at 5",
		`{"op":"load","worker":0,"call":1,"return":2,"ok":false}`:                                                             `no "key"`,
		`{"op":"load","worker":0,"call":1,"return":2,"key":1}`:                                                                `no "ok": whether load found a value`,
		`{"op":"load","worker":0,"call":1,"return":2,"key":1,"ok":true}`:                                                      `no "out"`,
		`{"op":"store","worker":0,"call":1,"return":2,"key":1}`:                                                               `no "value"`,
		`{"op":"compare-and-swap","worker":0,"call":1,"return":2,"key":1,"value":2}`:                                          `no "old"`,
		`{"op":"len","worker":0,"call":1,"return":2,"out":"x"}`:                                                               `"out" of len is "x"; want a number`,
		`{"op":"len","worker":0,"call":1,"return":2}`:                                                                         `"out" of len is missing; want a number`,
		`{"op":"range","worker":0,"call":1,"return":2,"entries":[[1]]}`:                                                       `entries: no "value"; want pairs`,
		`{"op":"prefill","key":1,"value":2} {}`:                                                                               "more than one object; want one a line",
		`{"op":"prefill","key":1,"value":2}` + "\n\n" + `{"op":"prefill","key":1}`:                                            `line 3: no "value"`,
		`{"op":"prefill","key":"a","value":2}` + "\n" + `{"op":"prefill","key":"a","value":3}`:                                `the prefill has the key "a" twice`,
		`{"op":"increment","worker":0,"call":1,"return":2,"key":1}` + "\n" + `{"op":"rest-load","key":1,"ok":true,"out":"1"}`: `the history has increments, and the value "1"`,
	} {
		if _, _, err := ReadJSON(strings.NewReader(line)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v; want %s", line, err, want)
		}
	}
}
