package buggy

import (
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func rangeRepeats() Bug {
	b := Bug{
		Doc: "Range goes from bucket to bucket of whatever table there is: once it has doubled under way, " +
			"half the entries of the buckets behind are ahead again",
		Expect: Expect{oracle.Contract: {oracle.DuplicateKey}},
	}
	contract := perStripe
	contract.Range.Quote = "each visits no key twice."
	b.Target, b.Correct = pair("range-repeats", contract,
		func() target.Map[int, int] { return methods(byBucket{newStripedTable(true)}) },
		func() target.Map[int, int] { return methods(newStripedTable(true)) })
	return b
}

// A byBucket map is iterated bucket by bucket, not stripe by stripe.
type byBucket struct{ *stripedTable }

// each visits no key twice.
func (t byBucket) each(yield func(k, v int) bool) {
	for bucket := 0; bucket < len(*t.buckets.Load()); bucket++ { // the bug: a bucket is a place in one table
		for _, e := range t.entriesOf(bucket) {
			if !yield(e[0], e[1]) {
				return
			}
		}
	}
}

func (t byBucket) entriesOf(bucket int) [][2]int {
	lock := &t.locks[bucket%tableStripes]
	lock.Lock()
	defer lock.Unlock()
	buckets := *t.buckets.Load()
	return buckets[bucket].entries()
}
