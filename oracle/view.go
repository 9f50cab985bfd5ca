package oracle

import (
	"cmp"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
)

// restTime is when the map at rest was read: after every response, and before
// the Ret of an op that never returned, which so may never take effect.
const restTime = history.Pending - 1

// atRest is the ID of what was seen at rest.
const atRest = -1

// A view is a look at many keys at once: a Range, a clone, or the map at rest.
// Each key of it is a sighting, at any one moment of the view's interval.
//
// Keys are not held to a common moment: a Range that is not one snapshot passes
// here even if its documentation promises a snapshot.
type view struct {
	event    int // index of its event, or atRest
	inv, ret int64
	loads    []history.Reading // by key; if nil, entries count
	entries  []history.Entry   // by key
	complete bool              // a key not in entries was not there
}

// find returns what the view says of the key, and whether it says anything.
func (v *view) find(key uint64) (s linear.State, known bool) {
	if v.loads != nil {
		i, ok := findReading(v.loads, key)
		if !ok {
			return s, false
		}
		return stateOf(v.loads[i]), true
	}
	i, ok := slices.BinarySearchFunc(v.entries, key, compareKey)
	if !ok {
		return s, v.complete
	}
	return linear.State{Value: v.entries[i].Value, Present: true}, true
}

func compareKey(e history.Entry, key uint64) int { return cmp.Compare(e.Key, key) }

func stateOf(r history.Reading) linear.State {
	if !r.OK {
		return linear.State{}
	}
	return linear.State{Value: r.Value, Present: true}
}

// findReading finds a key among readings, which are by ascending key. Keys are
// mostly numbered without gaps, so it looks there first.
func findReading(loads []history.Reading, key uint64) (int, bool) {
	if len(loads) == 0 || key < loads[0].Key {
		return 0, false
	}
	if i := key - loads[0].Key; i < uint64(len(loads)) && loads[i].Key == key {
		return int(i), true
	}
	return slices.BinarySearchFunc(loads, key, func(r history.Reading, key uint64) int {
		return cmp.Compare(r.Key, key)
	})
}

// addView adds what contents say to the views.
func (j *Judge) addView(contents *history.Contents, event int, inv, ret int64) {
	if contents == nil {
		return
	}
	v := view{event: event, inv: inv, ret: ret}
	switch {
	case contents.Loads != nil && j.checked(history.Load):
		v.loads = contents.Loads
	case j.ranged(contents):
		v.entries, v.complete = j.sorted(contents.Entries), contents.Ranged
	default:
		return
	}
	j.views = append(j.views, v)
}

// ranged reports whether contents have the yield of a Range that is worth
// something.
func (j *Judge) ranged(contents *history.Contents) bool {
	return (contents.Entries != nil || contents.Ranged) && j.believed(history.Range)
}

// sorted returns the entries by key. It copies them unless they are so already.
func (j *Judge) sorted(entries []history.Entry) []history.Entry {
	byKey := func(a, b history.Entry) int { return cmp.Compare(a.Key, b.Key) }
	if slices.IsSortedFunc(entries, byKey) {
		return entries
	}
	from := len(j.entries)
	j.entries = append(j.entries, entries...)
	s := j.entries[from:]
	if !j.place(entries, s) {
		slices.SortFunc(s, byKey)
	}
	return s
}

// place sorts by putting each entry where its key says, in linear time: keys are
// mostly those from 1 to the size of the map. It reports whether it did: whether
// the keys are small enough, and no two are the same.
func (j *Judge) place(entries, sorted []history.Entry) bool {
	last := uint64(0)
	for _, e := range entries {
		last = max(last, e.Key)
	}
	if last > uint64(4*len(entries)+64) {
		return false
	}
	j.places = slices.Grow(j.places[:0], int(last)+1)[:last+1]
	clear(j.places)
	for i, e := range entries {
		if j.places[e.Key] != 0 {
			return false
		}
		j.places[e.Key] = int32(i + 1)
	}
	n := 0
	for _, place := range j.places {
		if place > 0 {
			sorted[n] = entries[place-1]
			n++
		}
	}
	return true
}

// differences gives a slot to each key of which the view does not say what the
// prefill does, in linear time: both are by key.
func (j *Judge) differences(v *view, prefill []history.Entry) {
	if v.loads != nil {
		for _, r := range v.loads {
			for len(prefill) > 0 && prefill[0].Key < r.Key {
				prefill = prefill[1:]
			}
			had := len(prefill) > 0 && prefill[0].Key == r.Key
			if had != r.OK || had && prefill[0].Value != r.Value {
				j.keys.add(r.Key)
			}
		}
		return
	}
	for _, e := range v.entries {
		for len(prefill) > 0 && prefill[0].Key < e.Key {
			if v.complete {
				j.keys.add(prefill[0].Key)
			}
			prefill = prefill[1:]
		}
		if len(prefill) == 0 || prefill[0] != e {
			j.keys.add(e.Key)
		}
		if len(prefill) > 0 && prefill[0].Key == e.Key {
			prefill = prefill[1:]
		}
	}
	if v.complete {
		for _, e := range prefill {
			j.keys.add(e.Key)
		}
	}
}
