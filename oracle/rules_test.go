package oracle

import "github.com/mapstress/mapstress/target"

// bearsPanics is the contract of a map whose functions may panic.
var bearsPanics = target.Contract{InCompute: target.Callback{Panics: true}}

var ruleTests = []ruleTest{
	{
		name: "torn value", bad: "prefill k1:v1\nforeign half of v1, half of v2\n0 1-2 load k1 = foreign",
		want: "silent-corruption torn-value [0] w0 load k1 showed a key or value that nobody ever made: half of v1, half of v2",
		good: []string{"prefill k1:v1\n0 1-2 load k1 = v1"},
	},
	{
		name: "torn key at rest", bad: "rest k1:none | foreign:v1",
		want: "silent-corruption torn-value [] the map at rest showed a key or value that nobody ever made",
	},
	{
		name: "phantom", bad: "0 1-2 store k2 v9\n0 3-4 load k1 = v9",
		want: "silent-corruption phantom [1] k1 read v9 by w0, though nobody had ever put it there (k2 got it)",
		good: []string{"0 1-2 store k1 v9\n0 3-4 load k1 = v9", "0 1- store k1 v9\n0 3-4 load k1 = v9"},
	},
	{
		name: "read before it was written", bad: "0 1-2 load k1 = v9\n1 3-4 store k1 v9",
		want: "silent-corruption phantom [0] k1 read v9 by w0, though nobody had ever put it there",
		good: []string{"0 1-2 load k1 = v9\n1 2-4 store k1 v9"},
	},
	{
		name: "consumed twice", bad: "0 1-2 store k1 v4\n0 3-6 load-and-delete k1 = v4\n1 4-7 compare-and-swap k1 v4 v5 = true",
		want: "silent-corruption consumed-twice [0 1 2] k1 v4 was taken out twice, by w0's load-and-delete and by w1's compare-and-swap",
		good: []string{"0 1-2 store k1 v4\n0 3-6 load-and-delete k1 = v4\n1 4-7 compare-and-swap k1 v4 v5 = false",
			"0 1-2 store k1 v4\n0 3-6 load-and-delete k1 = v4\n1 4-7 store k1 v4\n1 8-9 load-and-delete k1 = v4"},
	},
	{
		name: "lost increment", bad: "prefill k1:v10\n0 1-4 increment k1\n1 2-5 increment k1\nrest k1:v11",
		want: "silent-corruption lost-update [0 1] k1 read v11 at rest, though 2 increments of 10 had completed",
		good: []string{"prefill k1:v10\n0 1-4 increment k1\n1 2-5 increment k1\nrest k1:v12",
			"prefill k1:v10\n0 1-4 increment k1\n1 2- increment k1\nrest k1:v11", "0 1-4 increment k1\n0 5-6 load k1 = v1"},
	},
	{
		name: "two winners", bad: "0 1-4 load-or-store k1 v7 = new\n1 2-5 load-or-store k1 v8 = new",
		want: "silent-corruption lost-update [0 1] k1 was absent to both load-or-store k1 v7 and load-or-store k1 v8, which both put it in",
		good: []string{"0 1-4 load-or-store k1 v7 = new\n1 2-5 load-or-store k1 v8 = v7",
			"0 1-4 load-or-store k1 v7 = new\n1 2-5 load-or-store k1 v8 = new\n2 3-9 delete k1"},
	},
	{
		name: "lost key", bad: "0 1-4 store k1 v7\n1 2-3 delete k1\n0 5-6 store k1 v8\n0 7-8 load k1 = none",
		want: "silent-corruption lost-key [2 3] k1 read absent by w0, though store k1 v8 had completed",
		good: []string{"0 1-4 store k1 v7\n1 2-3 delete k1\n0 5-6 load k1 = none",
			"0 1-4 store k1 v7\n1 2- delete k1\n0 5-6 load k1 = none", "0 1-4 store k1 v7\n1 2- clear\n0 5-6 load k1 = none"},
	},
	{
		name: "lost prefill", bad: "prefill k1:v7 k2:v8\n0 1-4 store k1 v9\nrest k1:v9 k2:none",
		want: "silent-corruption lost-key [] k2 read absent at rest, though it was prefilled with v8 and nothing deleted it",
		good: []string{"prefill k1:v7 k2:v8\n0 1-4 store k1 v9\nrest k1:v9 k2:v8"},
	},
	{
		name: "flickered", bad: "0 1-2 store k1 v7\n1 1-20 delete k1\n0 3-4 load k1 = none\n0 5-6 load k1 = v7",
		want: "silent-corruption lost-key [0 2 3] k1 read absent by w0, though v7 was there before (store k1 v7) and after (read by w0)",
		good: []string{"0 1-2 store k1 v7\n1 1-20 delete k1\n0 3-4 load k1 = v7\n0 5-6 load k1 = none"},
	},
	{
		name: "stale read", bad: "0 1-2 store k1 v7\n0 3-4 store k1 v8\n1 5-6 load k1 = v7",
		want: "silent-corruption stale-read [0 1 2] k1 read v7 by w1, though store k1 v8 had completed",
		good: []string{"0 1-2 store k1 v7\n0 3-5 store k1 v8\n1 5-6 load k1 = v7", "0 1-2 store k1 v7\n0 3-4 store k1 v8\n1 5-6 load k1 = v8"},
	},
	{
		name: "back from deletion", bad: "prefill k1:v7\n0 1-2 delete k1\nrest k1:v7",
		want: "silent-corruption resurrected [0] k1 read v7 at rest, though delete k1 had completed",
		good: []string{"prefill k1:v7\n0 1- delete k1\nrest k1:v7", "prefill k1:v7\n0 1-2 delete k1\nrest k1:none"},
	},
	{
		name: "cleared", bad: "prefill k1:v7 k2:v8\n0 1-2 clear\nrest k1:none k2:v8",
		want: "silent-corruption resurrected [0] k2 read v8 at rest, though clear had completed",
		good: []string{"prefill k1:v7 k2:v8\n0 1-2 clear\nrest k1:none k2:none"},
	},
	{
		name: "deleted twice", bad: "0 1-2 store k1 v7\n0 3-6 delete k1 = true\n1 3-5 delete k1 = true",
		want: "silent-corruption consumed-twice [0 1 2] k1 was put in once and taken out twice, by w0's delete and by w1's delete",
		good: []string{"0 1-2 store k1 v7\n0 3-6 delete k1 = true\n1 3-5 delete k1 = false",
			"0 1-2 store k1 v7\n0 3-6 delete k1 = true\n1 3-5 delete k1 = true\n2 3-4 store k1 v8"},
	},
	{
		name: "stored twice into nothing", bad: "0 1-9 store k1 v7 = false\n1 2-8 store k1 v8 = false",
		want: "silent-corruption lost-update [0 1] k1 was absent to both store k1 v7 and store k1 v8, which both put it in",
		good: []string{"0 1-9 store k1 v7 = false\n1 2-8 store k1 v8 = true", "0 1-9 store k1 v7 = false\n1 2-8 store k1 v8",
			"0 1-9 store k1 v7 = false\n1 2-8 store k1 v8 = false\n2 3-4 delete k1", "prefill k1:v1\n0 1-9 store k1 v7 = true\n1 2-8 store k1 v8 = true"},
	},
	{
		name: "stored over what is not there", bad: "0 1-2 store k2 v7\n0 3-4 store k1 v8 = true",
		want: "silent-corruption non-linearizable [1] k1: store k1 v8 by w0 has an answer that nothing explains",
		good: []string{"0 1-2 store k2 v7\n0 3-4 store k1 v8 = false", "0 1- store k1 v7\n0 3-4 store k1 v8 = true"},
	},
	{
		name: "store lost at rest", bad: "0 1-9 store k1 v7\n1 1-9 load-or-store k1 v8 = new\nrest k1:v8",
		want: "silent-corruption non-linearizable [0 1] k1: no order of these 2 ops explains their answers and k1 -> v8 at rest",
		good: []string{"0 1-9 store k1 v7\n1 1-9 load-or-store k1 v8 = new\nrest k1:v7"},
	},
	{
		name: "insertion lost at rest", bad: "prefill k1:v1\n0 1-9 delete k1\n1 1-9 load-or-store k1 v8 = new\nrest k1:none",
		want: "silent-corruption non-linearizable [0 1] k1: no order of these 2 ops explains their answers and k1 -> absent at rest",
	},
	{
		name: "non-linearizable", bad: "prefill k1:v7\n1 1-3 load k1 = v7\n0 2-3 load k2 = none\n0 5-6 compare-and-delete k1 v7 = false\n1 7-8 load k1 = v7",
		want: "silent-corruption non-linearizable [2] k1: compare-and-delete k1 v7 by w0 has an answer that nothing explains",
		good: []string{"prefill k1:v7\n0 5-6 compare-and-delete k1 v6 = false\n1 7-8 load k1 = v7"},
	},
	{
		name: "range sees nobody's value", bad: "prefill k1:v7 k2:v8\n0 1-2 store k1 v9\n1 3-4 range = k2:v8 k1:v7",
		want: "silent-corruption stale-read [0 1] k1 read v7 by w1's range, though store k1 v9 had completed",
		good: []string{"prefill k1:v7 k2:v8\n0 1-2 store k1 v9\n1 3-4 range = k2:v8 k1:v9", "prefill k1:v7 k2:v8\n0 1-3 store k1 v9\n1 3-4 range = k2:v8 k1:v7"},
	},
	{
		name: "range misses an untouched key", bad: "prefill k1:v7 k2:v8\n1 3-4 range = k2:v8",
		want: "silent-corruption lost-key [0] k1 read absent by w1's range, though it was prefilled with v7 and nothing deleted it",
	},
	{
		name: "range meets a key twice", bad: "prefill k1:v7\n1 3-4 range = k1:v7 k1:v7",
		want: "silent-corruption duplicate-key [0] w1 range met k1 twice",
	},
	{
		name: "duplicate at rest", bad: "0 1-2 store k1 v7\nrest k1:v7 | k1:v7 k1:v7 | 1",
		want: "silent-corruption duplicate-key [] the map at rest: range meets k1 twice",
		good: []string{"0 1-2 store k1 v7\nrest k1:v7 | k1:v7 | 1"},
	},
	{
		name: "broken structure", bad: "0 1-2 store k1 v7\nrest k1:none | k1:v7 | 1",
		want: "silent-corruption broken-structure [] the map at rest: range yields k1 v7, load finds k1 absent",
	},
	{
		name: "range misses at rest", contract: weakContract(), bad: "0 1-2 store k1 v7\nrest k1:v7 | | 1",
		want: "silent-corruption broken-structure [] the map at rest: range does not yield k1, load finds v7",
	},
	{
		name: "no load, no len", bad: "0 1-2 store k1 v7\nrest - |",
		want: "silent-corruption lost-key [0] k1 read absent at rest, though store k1 v7 had completed",
		good: []string{"0 1-2 store k1 v7\nrest - | k1:v7"},
	},
	{
		name: "wrong len at rest", bad: "0 1-2 store k1 v7\nrest k1:v7 | k1:v7 | 2",
		want: "silent-corruption wrong-len [] the map at rest: len answers 2, but load finds 1",
	},
	{
		name: "wrong len of a clone", bad: "0 1-2 store k1 v7\n0 3-4 clone = k1:v7 | k1:v7 | 0",
		want: "silent-corruption wrong-len [1] w0's clone: len answers 0, but load finds 1",
		good: []string{"0 1-2 store k1 v7\n0 3-4 clone = k1:v7 | k1:v7 | 1\n0 5-6 store k1 v8"},
	},
	{
		name: "stale clone", bad: "prefill k1:v1\n0 1-2 store k1 v7\n0 3-4 clone = k1:v1 | k1:v1 | 1",
		want: "silent-corruption stale-read [0 1] k1 read v1 by w0's clone, though store k1 v7 had completed",
	},
	{
		name: "len", bad: "prefill k1:v1 k2:v2 k3:v3\n0 1-9 store k4 v7\n0 1-9 delete k2\n1 2-3 len = 1",
		want: "silent-corruption wrong-len [2] w1 len answered 1, though at least 2 and at most 4 keys were there",
		good: []string{"prefill k1:v1 k2:v2 k3:v3\n0 1-9 store k4 v7\n0 1-9 delete k2\n1 2-3 len = 2", "prefill k1:v1 k2:v2 k3:v3\n0 1-9 store k4 v7\n0 1-9 delete k2\n1 2-3 len = 4"},
	},
	{
		name: "negative len", contract: weakContract(), bad: "0 1-2 len = -1",
		want: "contract wrong-len [0] w0 len answered -1",
	},
	{
		name: "len bounds", contract: weakContract(), bad: "prefill k1:v1\n0 1-2 store k2 v7\n1 1-9 store k1 v3\n1 3-4 len = 1",
		want: "contract wrong-len [2] w1 len answered 1, though at least 2 and at most 3 keys were there",
		good: []string{"prefill k1:v1\n0 1-2 store k2 v7\n1 1-9 store k1 v3\n1 3-4 len = 3"},
	},
	{
		name: "weak range misses", contract: weakContract(), bad: "prefill k1:v1 k2:v2\n0 1-2 store k3 v7\n1 2-9 delete k2\n0 3-4 range = k1:v1",
		want: "contract lost-key [2] w0 range did not meet k3, which was there throughout",
		good: []string{"prefill k1:v1 k2:v2\n0 1-2 store k3 v7\n1 2-9 delete k2\n0 3-4 range = k3:v7 k1:v1"},
	},
	{
		name: "weak range, twice", contract: weakContract(), bad: "prefill k1:v1\n0 3-4 range = k1:v1 k1:v1",
		want: "contract duplicate-key [0] w0 range met k1 twice",
	},
	{
		name: "range per entry, twice", contract: target.Contract{Range: target.Promise{Level: target.PerEntry, Quote: "no entry twice"}},
		bad:  "prefill k1:v1\n0 3-9 store k1 v7\n1 1-2 delete k1\n1 3-4 range = k1:v1 k1:v7",
		want: "contract duplicate-key [2] w1 range met k1 twice",
		good: []string{
			"prefill k1:v1\n0 3-5 delete k1\n0 6-7 store k1 v7\n1 3-9 range = k1:v1 k1:v7",
			"prefill k1:v1\n0 3-5 clear\n0 6-7 store k1 v1\n1 3-9 range = k1:v1 k1:v1"},
	},
	{
		name: "range per entry misses", contract: target.Contract{Range: target.Promise{Level: target.PerEntry, Quote: "no entry twice"}},
		bad:  "prefill k1:v1 k2:v2\n0 3-9 delete k1\n1 3-4 range = k1:v1 k1:v1",
		want: "contract lost-key [1] w1 range did not meet k2, which was there throughout",
	},
	{
		name: "range that may repeat itself", contract: target.Contract{Range: target.Promise{Level: target.Repeating, Quote: "it may"}},
		bad:  "prefill k1:v1 k2:v2\n0 3-9 store k1 v7\n1 3-4 range = k1:v1 k1:v7",
		want: "contract lost-key [1] w1 range did not meet k2, which was there throughout",
		good: []string{"prefill k1:v1 k2:v2\n0 3-9 store k1 v7\n1 3-4 range = k1:v1 k2:v2 k1:v7"},
	},
	{
		name: "weak range, phantom", contract: weakContract(), bad: "prefill k1:v1\n0 3-4 range = k1:v1 k2:v9\n1 5-6 store k2 v9",
		want: "contract phantom [0] w0 range met k2 v9, which was never there",
		good: []string{"prefill k1:v1\n0 3-4 range = k1:v1 k2:v9\n1 4-6 store k2 v9"},
	},
	{
		name: "weak clone, stale", contract: weakContract(), bad: "prefill k1:v1\n0 1-2 store k1 v2\n0 3-4 clone = k1:v1 | k1:v1 | 1",
		want: "contract stale-read [1] w0 clone met k1 v1, though it held v2 throughout",
	},
	{
		name: "range per key, stale", contract: target.Contract{Range: target.Promise{Level: target.PerKey}},
		bad:  "prefill k1:v1\n0 1-2 store k1 v7\n0 3-9 store k1 v8\n1 4-5 range = k1:v1",
		want: "silent-corruption stale-read [0 2] k1 read v1 by w1's range, though store k1 v7 had completed",
		good: []string{ // a moment for each key, and none for both
			"prefill k1:v1 k2:v2\n0 2-3 store k1 v7\n0 4-5 store k2 v8\n1 1-6 range = k1:v1 k2:v8",
			"prefill k1:v1 k2:v2\n0 2-3 store k1 v7\n0 4-5 store k2 v8\n1 1-6 range = k1:v7 k2:v2",
			"prefill k1:v1 k2:v2\n0 2-3 store k1 v7\n0 4-5 store k2 v8\n1 1-6 range = k1:v1 k2:v8\n0 7-8 len = 2\n0 9-10 clear\nrest k1:none k2:none | | 0"},
	},
	{
		name: "range is no snapshot", bad: "prefill k1:v1 k2:v2\n0 2-3 store k1 v7\n0 4-5 store k2 v8\n1 1-6 range = k1:v1 k2:v8",
		want: "silent-corruption non-linearizable [0 1 2] no order of these 3 ops explains their answers, though it would for each key alone",
		good: []string{"prefill k1:v1 k2:v2\n0 2-3 store k1 v7\n0 4-5 store k2 v8\n1 1-6 range = k1:v7 k2:v2"},
	},
	{
		name: "clear is no one step", bad: "prefill k1:v1 k2:v2\n0 1-8 clear\n1 2-3 load k1 = none\n1 4-5 load k2 = v2\nrest k1:none k2:none | | 0",
		want: "silent-corruption non-linearizable [0 1 2] no order of these 3 ops explains their answers, though it would for each key alone",
		good: []string{"prefill k1:v1 k2:v2\n0 1-8 clear\n1 2-3 load k1 = v1\n1 4-5 load k2 = none\nrest k1:none k2:none | | 0"},
	},
	{
		name: "len of no moment", bad: "prefill k1:v1\n0 1-9 store k2 v2\n1 1-9 delete k1\n2 2-3 len = 0\n2 4-5 len = 2\nrest k1:none k2:v2 | k2:v2 | 1",
		want: "silent-corruption wrong-len [0 1 2 3] no order of these 4 ops explains their answers, though it would for each key alone",
		good: []string{"prefill k1:v1\n0 1-9 store k2 v2\n1 1-9 delete k1\n2 2-3 len = 0\n2 4-5 len = 1\nrest k1:none k2:v2 | k2:v2 | 1"},
	},
	{
		name: "is-empty", bad: "prefill k1:v1\n0 1-9 store k4 v7\n1 2-3 is-empty = true",
		want: "silent-corruption wrong-len [1] w1 is-empty answered true, though at least 1 and at most 2 keys were there",
		good: []string{"prefill k1:v1\n0 1-9 store k4 v7\n1 2-3 is-empty = false", "prefill k1:v1\n0 1-9 delete k1\n1 2-3 is-empty = true",
			"prefill k1:v1\n0 1-9 delete k1\n1 2-3 is-empty = false", "0 1-9 store k4 v7\n1 2- is-empty"},
	},
	{
		name: "is-empty bounds", contract: weakContract(), bad: "0 1-2 store k1 v7\n0 3-4 delete k1\n1 5-9 delete k1\n0 5-6 is-empty = false",
		want: "contract wrong-len [3] w0 is-empty answered false, though at least 0 and at most 0 keys were there",
		good: []string{"0 1-2 store k1 v7\n1 3-9 store k2 v8\n2 3-9 delete k2\n0 5-6 is-empty = true"}, // a sum of what others count
	},
	{
		name: "is-empty at rest", contract: weakContract(), bad: "0 1-2 store k1 v7\nrest k1:v7 | k1:v7 | 1 | true",
		want: "silent-corruption wrong-len [] the map at rest: is-empty answers true, but load finds 1",
		good: []string{"0 1-2 store k1 v7\nrest k1:v7 | k1:v7 | 1 | false", "0 1-2 delete k1\nrest k1:none | | 0 | true"},
	},
	{
		name: "empty at no moment", bad: "prefill k1:v1\n0 2-3 store k2 v2\n0 4-5 delete k1\n1 1-9 is-empty = true\nrest k1:none k2:v2 | k2:v2 | 1 | false",
		want: "silent-corruption wrong-len [0 1 2] no order of these 3 ops explains their answers, though it would for each key alone",
		good: []string{"prefill k1:v1\n0 2-3 delete k1\n0 4-5 store k2 v2\n1 1-9 is-empty = true\nrest k1:none k2:v2 | k2:v2 | 1 | false",
			"prefill k1:v1 k3:v3\n0 2-3 store k2 v2\n0 4-5 delete k1\n1 1-9 is-empty = false\nrest k1:none k2:v2 k3:v3 | k2:v2 k3:v3 | 2 | false"},
	},
	{
		name: "lossy", contract: target.Contract{Load: target.Promise{Level: target.Lossy}},
		bad:  "0 1-2 store k1 v7\n0 3-4 store k1 v8\n0 5-6 load k1 = none\n0 7-8 load k1 = v7",
		want: "silent-corruption stale-read [0 1 3] k1 read v7 by w0, though store k1 v8 had completed",
		good: []string{"0 1-2 store k1 v7\n0 3-4 load k1 = none\n0 5-6 load-or-store k1 v9 = new\n0 7-8 load k1 = v9\n0 9-9 len = 0\nrest k1:none | | 0",
			"0 1-2 store k1 v7\n0 3-4 swap k1 v8 = none\n0 5-6 compare-and-swap k1 v8 v9 = false\n0 7-8 load-or-store k1 v3 = v8\nrest k1:none | k1:v8 | 1"},
	},
	{
		name: "unchecked", contract: target.Contract{Store: target.Promise{Level: target.Unchecked}, Len: target.Promise{Level: target.Unchecked}},
		bad:  "prefill k1:v1 k2:v2\n0 1-2 store k1 v7\n0 3-4 load k2 = none\n0 5-6 load k1 = v9",
		want: "silent-corruption lost-key [1] k2 read absent by w0, though it was prefilled with v2 and nothing deleted it",
		good: []string{"prefill k1:v1 k2:v2\n0 1-2 store k1 v7\n0 3-4 load k2 = v2\n0 5-6 load k1 = v9\n0 7-8 len = -4\nrest k1:v3 k2:v2 | k1:v3 k2:v2 | 9"},
	},
	{
		name: "unchecked load", contract: target.Contract{Load: target.Promise{Level: target.Unchecked}},
		bad:  "prefill k1:v1\n0 1-2 load k1 = v9\n0 3-4 swap k1 v7 = v8",
		want: "silent-corruption phantom [1] k1 read v8 by w0's swap, though nobody had ever put it there",
		good: []string{"prefill k1:v1\n0 1-2 load k1 = v9\n0 3-4 swap k1 v7 = v1\n0 5-6 len = 1\n0 7-8 range = k1:v7"},
	},
	{
		name: "callback called twice", bad: "prefill k1:v1\n0 1-4 compute k1 v7 = v8 calls=2\n1 2-3 store k1 v8\nrest k1:v7",
		want: "contract callback-count [0] w0 compute k1 v7 called its function 2 times; want once",
		good: []string{"prefill k1:v1\n0 1-4 compute k1 v7 = v8\n1 2-3 store k1 v8\nrest k1:v7",
			"prefill k1:v1\n0 1- compute k1 v7\n1 2-3 store k1 v8\nrest k1:v8"},
	},
	{
		name: "callback never called", bad: "prefill k1:v1\n0 1-4 compute k1 v7 = none calls=0\nrest k1:v1",
		want: "contract callback-count [0] w0 compute k1 v7 never called its function; want once",
	},
	{
		name: "the last call counts", bad: "prefill k1:v1\n0 1-4 compute k1 v7 = v1 calls=3\n1 5-6 store k1 v8\n0 7-8 compute k1 v9 = v1 calls=3",
		want: "silent-corruption consumed-twice [0 2] k1 v1 was taken out twice, by w0's compute and by w0's compute",
	},
	{
		name: "unchecked callback", contract: target.Contract{Compute: target.Promise{Level: target.Unchecked}},
		bad:  "prefill k1:v1 k2:v2\n0 1-4 compute k1 v7 = v1 calls=2\n0 5-6 load k2 = none",
		want: "silent-corruption lost-key [1] k2 read absent by w0, though it was prefilled with v2 and nothing deleted it",
		good: []string{"prefill k1:v1\n0 1-4 compute k1 v7 = v1 calls=2\n0 5-6 compute k1 v8 = none calls=0"},
	},
	{
		name: "callback called again, as promised", contract: target.Contract{InCompute: target.Callback{Again: true}},
		bad:  "prefill k1:v1\n0 1-4 compute k1 v7 = none calls=0\nrest k1:v1",
		want: "contract callback-count [0] w0 compute k1 v7 never called its function; want once",
		good: []string{"prefill k1:v1\n0 1-4 compute k1 v7 = v8 calls=2\n1 2-3 store k1 v8\nrest k1:v7"},
	},
	{
		name: "a panic loses the entry", contract: bearsPanics,
		bad:  "prefill k1:v1\n0 1-4 compute k1 v7 panics = v1\n1 5-6 load k1 = none",
		want: "silent-corruption lost-key [1] k1 read absent by w1, though it was prefilled with v1 and nothing deleted it",
		good: []string{"prefill k1:v1\n0 1-4 compute k1 v7 panics = v1\n1 5-6 load k1 = v1\nrest k1:v1 | k1:v1 | 1",
			"0 1- compute k1 v7 panics\n1 5-6 load k1 = none"},
	},
	{
		name: "a panic, and what was to be put in", contract: bearsPanics,
		bad:  "prefill k1:v1\n0 1-4 compute k1 v7 panics = v1\nrest k1:v7",
		want: "silent-corruption phantom [] k1 read v7 at rest, though nobody had ever put it there",
	},
	{
		name: "a panic is swallowed", contract: bearsPanics,
		bad:  "prefill k1:v1\n0 1-4 compute k1 v7 panics = v1 swallowed\nrest k1:v1",
		want: "contract callback-panic [0] w0 compute k1 v7 panics returned though its function had panicked; want the panic to come out",
	},
	{
		name: "of a panic nothing is promised", bad: "prefill k1:v1 k2:v2\n0 1-4 compute k1 v7 panics = v1 swallowed\n1 5-6 load k2 = none",
		want: "silent-corruption lost-key [1] k2 read absent by w1, though it was prefilled with v2 and nothing deleted it",
		good: []string{"prefill k1:v1\n0 1-4 compute k1 v7 panics = v1 swallowed\nrest k1:v7", "prefill k1:v1\n0 1-4 compute k1 v7 panics = v1\nrest k1:none"},
	},
	{
		name: "inside a compute", bad: "prefill k1:v1\n0 1-9 compute k1 v7 = v1\n0 2-3 inside load k1 = v8\nrest k1:v7",
		want: "silent-corruption phantom [1] k1 read v8 by w0, though nobody had ever put it there",
		good: []string{"prefill k1:v1\n0 1-9 compute k1 v7 = v1\n0 2-3 inside load k1 = v1\n0 4-5 inside store k2 v3\nrest k1:v7 k2:v3",
			// What its function writes to its own key is lost, or not: no documentation says.
			"prefill k1:v1\n0 1-9 compute k1 v7 = v1\n0 2-3 inside store k1 v3\n1 4-5 load k1 = v3\nrest k1:v7",
			"prefill k1:v1\n0 1-9 compute k1 v7 = v1\n0 2-3 inside clear\nrest k1:v7"},
	},
	{
		name: "inside a range", bad: "prefill k1:v1\n0 1-9 range = k1:v1\n0 2-3 inside store k2 v7\n0 4-5 inside load k2 = none\nrest k1:v1 k2:v7",
		want: "silent-corruption lost-key [1 2] k2 read absent by w0, though inside store k2 v7 had completed",
		good: []string{"prefill k1:v1\n0 1-9 range = k1:v1\n0 2-3 inside store k2 v7\nrest k1:v1 k2:v7",
			"prefill k1:v1\n0 1-9 range = k1:v1 k2:v7\n0 2-3 inside store k2 v7\nrest k1:v1 k2:v7"},
	},
	{
		name: "self-contradicting insertion", bad: "0 1-2 load-or-store k1 v7 = none",
		want: "silent-corruption non-linearizable [0] k1: load-or-store k1 v7 by w0 has an answer that nothing explains",
	},
}
