package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/internal/match"
)

// TestDocumentedUnsafe: what documentations say, of the map's own type and of others.
func TestDocumentedUnsafe(t *testing.T) {
	for _, test := range []struct{ pkg, typ, new, want string }{
		{typ: "Map is fast. It is not safe for concurrent access. It grows.", want: "It is not safe for concurrent access."},
		{typ: "This type is not safe for concurrent use.", want: "This type is not safe for concurrent use."},
		{typ: "Map implements a non-thread safe\nfixed size LRU cache", want: "Map implements a non-thread safe fixed size LRU cache"},
		{typ: "Not safe for concurrent use by multiple goroutines without additional\nlocking.", want: "Not safe for concurrent use by multiple goroutines without additional locking."},
		{typ: "A Map is NOT goroutine-safe!", want: "A Map is NOT goroutine-safe!"},
		{typ: "It isn't safe to use from several goroutines.", want: "It isn't safe to use from several goroutines."},
		{new: "New makes a map that is not concurrency-safe.", want: "New makes a map that is not concurrency-safe."},
		{typ: "Multiple accesses may not be performed concurrently. Must be created via New.", want: "Multiple accesses may not be performed concurrently."},
		{typ: "A Map must never be used by several goroutines at once.", want: "A Map must never be used by several goroutines at once."},
		{typ: "It cannot be accessed from multiple goroutines.", want: "It cannot be accessed from multiple goroutines."},
		{typ: "It is not designed for concurrent use.", want: "It is not designed for concurrent use."},
		{typ: "Map doesn't support concurrent writes.", want: "Map doesn't support concurrent writes."},
		{typ: "Write operations are not safe for concurrent mutation by multiple\ngoroutines, but Read operations are.", want: "Write operations are not safe for concurrent mutation by multiple goroutines, but Read operations are."},
		{typ: "It is unsafe calling Set methods from concurrent goroutines.", want: "It is unsafe calling Set methods from concurrent goroutines."},
		{typ: "Note that store is not thread (concurrency) safe, meaning that it races.", want: "Note that store is not thread (concurrency) safe, meaning that it races."},
		{typ: "The map value is not designed to be thread-safe.", want: "The map value is not designed to be thread-safe."},
		{typ: "It is not safe to load or save on any goroutine other than the one which called Client.Sync.", want: "It is not safe to load or save on any goroutine other than the one which called Client.Sync."},
		{typ: "It must be used from a single goroutine.", want: "It must be used from a single goroutine."},
		{typ: "It may be used from more than a single goroutine."},
		{typ: "It uses package unsafe. It may be used by several goroutines."},
		{typ: "It may be used by several goroutines. Close must not be called concurrently with other methods."},
		{pkg: "Structure is not thread safe.", want: "Structure is not thread safe."},
		{pkg: "Structure is not thread safe.", typ: "A Map has a lock, and is safe for concurrent use."},
		{pkg: "Other is not thread safe."},
		{typ: "Map is thread-safe."},
		{typ: "Map is safe for concurrent use by multiple goroutines, which other maps are not."},
		{typ: "The iterator that it returns is not thread safe."},
		{typ: "It is not safe for concurrent use unless Locked is set."},
		{typ: "Do not hurry. It is safe for concurrent use."},
		{typ: "A Map is not unsafe for concurrent use while nobody writes."},
		{typ: "Map does not allocate."},
		{typ: "Multiple clients might invoke Get on the same key and modify the pointer in a non-thread-safe way."},
		{typ: "To mutate what Get answers is not thread safe."},
	} {
		dir := t.TempDir()
		source := "// Package cache has maps.\n//\n" + comment(test.pkg) + "package cache\n\n" + comment(test.typ) + "type Map struct{}\n\ntype Other struct{}\n\n" + comment(test.new) + "func New() *Map { return nil }\n"
		if err := os.WriteFile(filepath.Join(dir, "cache.go"), []byte(source), 0o666); err != nil {
			t.Fatal(err)
		}
		if got := documentedUnsafe(dir, typeIn("cache", "*cache.Map[int,int]"), "New()"); got != test.want {
			t.Errorf("%+v: got %q", test, got)
		}
	}
	if got := typeIn("cache", "*other.Map[int]"); got != "" {
		t.Errorf("of another package's type: %q", got)
	}
}

// TestIsBuiltin: a type that is a built-in map has no lock; one of shards may have theirs.
func TestIsBuiltin(t *testing.T) {
	str, number := match.Type{Text: "string", Kind: "string"}, match.Type{Text: "int", Kind: "int"}
	strs, shard := match.Type{Text: "[]string", Kind: "slice"}, match.Type{Text: "*cache.shard", Kind: "ptr"}
	for _, test := range []struct {
		t    match.Type
		want bool
	}{
		{match.Type{Kind: "map", Key: &str, Elem: &str}, true},
		{match.Type{Kind: "map", Key: &str, Elem: &strs}, true},
		{match.Type{Kind: "map", Key: &str, Elem: &shard}, false},
		{match.Type{Kind: "map", Key: &number, Elem: &str}, false},
		{match.Type{Kind: "ptr", Elem: &shard}, false},
	} {
		if got := isBuiltin(&test.t, &match.Adapter{Key: "string", Value: "string"}); got != test.want {
			t.Errorf("%+v: %v", test.t, got)
		}
	}
}

// comment is a text as one of Go's, with a line for each of its own.
func comment(text string) string {
	if text == "" {
		return ""
	}
	return "// " + strings.ReplaceAll(text, "\n", "\n// ") + "\n"
}
