package build

import (
	"os"
	"path/filepath"
	"testing"
)

// TestDocumentedAgain: what documentations say of how often a function is called that a method is given, of
// a type's methods and of an interface's.
func TestDocumentedAgain(t *testing.T) {
	for doc, want := range map[string]bool{
		"Update sets what f makes of it. f may be called more than once.":                                true,
		"If the entry changes meanwhile, f is invoked again with the new value.":                         true,
		"The function may run several times under contention.":                                           true,
		"Update calls fn in a loop, until it can be stored.":                                             true,
		"The function f must not have any side effects.":                                                 true,
		"The callback should be pure, since it may be retried.":                                          true,
		"f should be idempotent.":                                                                        true,
		"Update calls f, which should not block, as it may be called multiple times.":                    true,
		"Update sets what f makes of it. f is called exactly once.":                                      false,
		"f is never called more than once.":                                                              false,
		"f won't be called again when it has panicked.":                                                  false,
		"Update calls f while it holds a lock, and again returns what is there.":                         true, // one check less
		"Update may be used more than once.":                                                             false,
		"Update sets what f makes of the value of a key. It holds a lock while f runs, and until it is.": false,
		"": false,
	} {
		for _, source := range []string{
			"type Map[K, V any] struct{}\n\n" + comment(doc) + "func (m *Map[K, V]) Update() {}\n",
			"type Map[K, V any] interface {\n" + comment(doc) + "\tUpdate()\n}\n",
		} {
			dir := t.TempDir()
			source = "package cache\n\n" + source + "\n// Other calls f again and again, so that it may be called more than once.\nfunc (Other) Update() {}\n"
			if err := os.WriteFile(filepath.Join(dir, "cache.go"), []byte(source), 0o666); err != nil {
				t.Fatal(err)
			}
			if got := documentedAgain(dir, typeIn("cache", "*cache.Map[int,int]"))["Update"]; got != "" != want {
				t.Errorf("%s: got %q", doc, got)
			}
		}
	}
}
