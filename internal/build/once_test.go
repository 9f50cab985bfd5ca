package build

import (
	"os"
	"path/filepath"
	"testing"
)

// TestDocumentedOnce: what documentations say of how often a key is met, of a method of the type's.
func TestDocumentedOnce(t *testing.T) {
	const asSyncMap = "Range does not correspond to any snapshot: no key will be visited more than once, but if a value is stored, it may be any."
	for doc, want := range map[string]string{
		"Range calls f for each key. " + asSyncMap:                              "no key will be visited more than once",
		"Range ranges. No key is returned twice! It is fast.":                   "No key is returned twice",
		"No item is returned twice.":                                            "",
		"Each key is visited exactly once if nobody writes meanwhile.":          "",
		"No key is met twice, but if it is deleted and stored it may be.":       "",
		"No key is met twice. However, one that is re-added may show up again.": "",
		"It guarantees that each key is visited at most once.":                  "each key is visited at most once",
		"Every key will be yielded exactly once.":                               "Every key will be yielded exactly once",
		"Every entry will be yielded exactly once.":                             "",
		"Range calls f for each key.":                                           "",
		"The same key may be visited more than once.":                           "",
		"No key will be visited more than once unless it is deleted meanwhile.": "",
		"It is not guaranteed that each key is visited only once.":              "",
		"It doesn't guarantee that no key is met twice.":                        "",
	} {
		dir := t.TempDir()
		source := "package cache\n\ntype Map[K, V any] struct{}\n\n" + comment(doc) + "func (m *Map[K, V]) Range() {}\n\n" +
			"type Other struct{}\n\n// No key will be visited more than once.\nfunc (Other) All() {}\n"
		if err := os.WriteFile(filepath.Join(dir, "cache.go"), []byte(source), 0o666); err != nil {
			t.Fatal(err)
		}
		got := documentedOnce(dir, typeIn("cache", "*cache.Map[int,int]"))
		if got["Range"] != want || got["All"] != "" {
			t.Errorf("%s: got %q; want %q", doc, got, want)
		}
	}
}
