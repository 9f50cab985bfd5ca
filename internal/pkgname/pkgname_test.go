package pkgname

import "testing"

func TestOf(t *testing.T) {
	for importPath, want := range map[string]string{
		"sync":                         "sync",
		"math/rand/v2":                 "rand",
		"example.com/a/cache":          "cache",
		"example.com/a/cache/v3":       "cache",
		"example.com/a/v3/cache":       "cache",
		"example.com/api/v1":           "v1", // what has a major version of 1 does not say so
		"gopkg.in/yaml.v3":             "yaml",
		"example.com/go-cache":         "cache",
		"example.com/cache.go":         "cache",
		"example.com/concurrent-map":   "concurrent_map",
		"example.com/cache.v2/lru.map": "lru_map",
	} {
		if got := Of(importPath); got != want {
			t.Errorf("%s: %s; want %s", importPath, got, want)
		}
	}
}
