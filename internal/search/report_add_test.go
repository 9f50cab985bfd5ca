package search

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

// notAdded are the fields of a TargetReport that Add does not sum up, and has a
// reason for.
var notAdded = []string{"Target", "Unsafe", "Boundaries", "Findings", "Choices", "Strategies", "PairsSeen", "Pairs", "Seen", "Stalled"}

// TestAddsEverything: no count of a TargetReport is forgotten, whatever fields it
// gets.
func TestAddsEverything(t *testing.T) {
	var sum, other TargetReport
	fill(t, reflect.ValueOf(&sum).Elem(), 2)
	fill(t, reflect.ValueOf(&other).Elem(), 1)
	sum.Add(&wire.Description{}, &other)
	var want TargetReport
	fill(t, reflect.ValueOf(&want).Elem(), 3)
	if !reflect.DeepEqual(sum, want) {
		t.Errorf("2 and 1 of everything make\n%+v; want\n%+v", sum, want)
	}
}

// fill sets every number in v, however deep, and one entry of every map.
func fill(t *testing.T, v reflect.Value, n int) {
	t.Helper()
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(n))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(n))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(n))
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i), n)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; v.Type() != reflect.TypeFor[TargetReport]() || !slices.Contains(notAdded, name) {
				fill(t, v.Field(i), n)
			}
		}
	default:
		t.Fatalf("%v in a TargetReport: this test does not know how to fill it", v.Type())
	}
}

// What has been seen is a set, and its pairs are those of the target's ops.
func TestAddSeen(t *testing.T) {
	d := &wire.Description{Variants: []scheduler.Ability{{Kinds: []history.Kind{history.Load, history.Store}}}}
	var every history.Seen
	for i := range every {
		every[i] = 1<<64 - 1
	}
	var r TargetReport
	for range 2 {
		r.Add(d, &TargetReport{Seen: every, PairsSeen: 3, Pairs: 3})
		r.Add(d, &TargetReport{Pairs: 3})
	}
	if r.Seen != every || r.PairsSeen != 3 || r.Pairs != 3 {
		t.Errorf("%d of %d pairs", r.PairsSeen, r.Pairs)
	}
}

// Boundaries are kept if a later probe did not find any.
func TestAddBoundaries(t *testing.T) {
	d := &wire.Description{}
	r := TargetReport{Target: "m", Findings: []Finding{{Target: "m"}}}
	r.Add(d, &TargetReport{Boundaries: history.Boundaries{Up: []int{8}}})
	r.Add(d, &TargetReport{Findings: []Finding{{}, {}}})
	if !slices.Equal(r.Boundaries.Up, []int{8}) || len(r.Findings) != 1 || r.Target != "m" {
		t.Errorf("%+v", r)
	}
}

func TestSignatures(t *testing.T) {
	v := oracle.Verdict{Class: oracle.Sigsegv, Rule: "nil", Frames: []string{"f"}}
	f := Finding{Verdict: v, signature: v.Signature()}
	if got := f.Signatures(); !slices.Equal(got, []string{"sigsegv|nil|f"}) {
		t.Errorf("as found: %q", got)
	}
	f.Verdict.Frames = []string{"g"}
	f.also = "sigsegv|nil|h"
	if got := f.Signatures(); !slices.Equal(got, []string{"sigsegv|nil|f", "sigsegv|nil|h", "sigsegv|nil|g"}) {
		t.Errorf("as shrunk: %q", got)
	}
}

// A Duration is read as it is written, to the millisecond.
func TestDurationJSON(t *testing.T) {
	for _, d := range []time.Duration{0, time.Millisecond, 90 * time.Second, 8*time.Hour + 7*time.Millisecond} {
		text, err := json.Marshal(Duration(d))
		if err != nil {
			t.Fatal(err)
		}
		var read Duration
		if err := json.Unmarshal(text, &read); err != nil || time.Duration(read).Round(time.Millisecond) != d {
			t.Errorf("%v: written %s, read %v, %v", d, text, time.Duration(read), err)
		}
	}
	var d Duration
	if err := json.Unmarshal([]byte(`"soon"`), &d); err == nil {
		t.Error("no error for a word")
	}
}
