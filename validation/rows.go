package main

import (
	"os"
	"strings"

	"github.com/mapstress/mapstress/oracle"
)

// A row is a map of a published module.
type row struct {
	target string
	bug    string         // what is known of it; empty if nothing is
	shows  []oracle.Class // as what it shows; by its source, where that is as several
	ours   bool           // the bug was found here, and is not of the list
	// toolchain is the Go version that it is built with; empty is the one at hand.
	toolchain string
	without   []string // ops that are not called
	// ordinary is what the ordinary way needs: imports, a blank line, and a function
	// fresh that makes a subject.
	ordinary string
}

func (r *row) name() string {
	name := r.target
	if r.toolchain != "" {
		name += " (" + r.toolchain + ")"
	}
	if r.without != nil {
		name += " without " + strings.Join(r.without, ", ")
	}
	return name
}

// module is what go get fetches for the row, if anything.
func (r *row) module() (string, bool) {
	at, _, _ := strings.Cut(r.target, " ")
	return at, strings.Contains(at, "@")
}

// with does something with the row's toolchain. One row is done at a time.
func (r *row) with(do func() error) error {
	if r.toolchain == "" {
		return do()
	}
	before, was := os.LookupEnv("GOTOOLCHAIN")
	if err := os.Setenv("GOTOOLCHAIN", r.toolchain); err != nil {
		return err
	}
	defer func() {
		if was {
			os.Setenv("GOTOOLCHAIN", before)
		} else {
			os.Unsetenv("GOTOOLCHAIN")
		}
	}()
	return do()
}

// rows are known bugs, what the search found beside, and maps of which nothing is known.
var rows = []row{
	{target: "sync Map", toolchain: "go1.24rc1", bug: "CompareAndSwap and Swap against LoadAndDelete: a value taken out twice", shows: []oracle.Class{oracle.SilentCorruption}, ordinary: syncMap},
	{target: "github.com/puzpuzpuz/xsync/v3@v3.0.0 NewMap()", bug: "LoadAndDelete loses against shrinking; two LoadOrStore win", shows: []oracle.Class{oracle.SilentCorruption}, ordinary: xsync("github.com/puzpuzpuz/xsync/v3", true)},
	{target: "github.com/puzpuzpuz/xsync/v2@v2.5.1 NewMap()", bug: "as v3.0.0", shows: []oracle.Class{oracle.SilentCorruption}, ordinary: xsync("github.com/puzpuzpuz/xsync/v2", true)},
	{target: "github.com/puzpuzpuz/xsync@v1.0.0 NewMap()", bug: "LoadOrStore leaves a bucket locked", shows: []oracle.Class{oracle.Hang}, ordinary: xsync("github.com/puzpuzpuz/xsync", false)},
	{target: "github.com/puzpuzpuz/xsync@v1.0.2 NewMap()", bug: "Store during growth loses keys", shows: []oracle.Class{oracle.SilentCorruption}, ordinary: xsync("github.com/puzpuzpuz/xsync", false)},
	{target: "github.com/puzpuzpuz/xsync/v2@v2.0.2 NewMap()", bug: "Range meets a key twice", shows: []oracle.Class{oracle.SilentCorruption}, ordinary: xsync("github.com/puzpuzpuz/xsync/v2", true)},
	{target: "github.com/bytedance/gopkg/collection/skipmap@v0.1.4 NewInt()", bug: "a stored value vanishes", shows: []oracle.Class{oracle.SilentCorruption}, ordinary: skipmap},
	{target: "github.com/cornelk/hashmap@v1.0.1 New(16)", bug: "Set during growth loses keys", shows: []oracle.Class{oracle.SilentCorruption}, ordinary: hashmap},
	{target: "github.com/alphadose/haxmap@v1.4.1 New[int,int]()", bug: "lost keys, several setters", shows: []oracle.Class{oracle.SilentCorruption}, ordinary: haxmap},
	{target: "github.com/patrickmn/go-cache@v2.0.0+incompatible New(0, 0)", bug: "Items reads the map without its lock", shows: []oracle.Class{oracle.FatalError}, ordinary: goCache},
	{target: "github.com/orcaman/concurrent-map@v0.0.0-20160823150647-8bf1e9bacbf6 New()", bug: "Keys takes as many keys as it counted before: some that nobody stored, or not all; or it leaves a shard locked", shows: []oracle.Class{oracle.SilentCorruption, oracle.Contract, oracle.Hang}, ordinary: oldConcurrentMap},
	{target: "github.com/jellydator/ttlcache/v3@v3.3.0 New[int,int]()", bug: "RangeBackwards leaves a lock held", shows: []oracle.Class{oracle.Hang}, ordinary: ttlcache},

	{target: "github.com/puzpuzpuz/xsync/v3@v3.5.1 NewMapOf[int,int]()", bug: "Clear does nothing while another call grows the table", ours: true},
	{target: "github.com/puzpuzpuz/xsync/v4@v4.5.0 NewMap[int,int]()", bug: "as v3.5.1", ours: true},
	{target: "github.com/jellydator/ttlcache/v3@v3.4.1 New[int,int]()", bug: "Range follows a list that others change: it ends early, or begins anew", ours: true},

	// The versions in which bugs of the list are repaired, and what else is found there.
	{target: "github.com/puzpuzpuz/xsync@v1.0.1 NewMap()", bug: "as v1.0.2; LoadOrStore reads a value behind its lock", ours: true},
	{target: "github.com/puzpuzpuz/xsync/v2@v2.4.0 NewMap()", bug: "as v2.5.1", ours: true},
	{target: "github.com/puzpuzpuz/xsync/v3@v3.0.1 NewMap()", bug: "as v3.5.1", ours: true},
	{target: "github.com/cornelk/hashmap@v1.0.4 New[int,int]()", bug: "Del of two callers succeeds; growth puts deleted entries back", ours: true},

	// The same without the ops whose bugs are known.
	{target: "github.com/puzpuzpuz/xsync/v3@v3.0.1 NewMap()", without: []string{"clear"}},
	{target: "github.com/puzpuzpuz/xsync/v3@v3.5.1 NewMapOf[int,int]()", without: []string{"clear"}},
	{target: "github.com/puzpuzpuz/xsync/v4@v4.5.0 NewMap[int,int]()", without: []string{"clear"}},
	{target: "github.com/jellydator/ttlcache/v3@v3.4.1 New[int,int]()", without: []string{"range"}},

	{target: "sync Map"},
	{target: "sync Map", toolchain: "go1.24.0"},
	{target: "sync Map", toolchain: "go1.23.12"},
	{target: "github.com/orcaman/concurrent-map@v1.0.0 New()"},
	{target: "github.com/orcaman/concurrent-map/v2@v2.0.1 New[int]()"},
	{target: "github.com/patrickmn/go-cache@v2.1.0+incompatible New(0, 0)"},
	{target: "github.com/hashicorp/golang-lru/v2@v2.0.7 New[int,int](128)"},
}
