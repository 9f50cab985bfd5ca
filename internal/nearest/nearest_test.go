package nearest

import "testing"

func TestName(t *testing.T) {
	names := []string{"map", "map+mutex", "sync.Map", "striped", "load-or-store"}
	for word, want := range map[string]string{
		"sync.map":      "sync.Map",
		"synmap":        "sync.Map",
		"map+mutx":      "map+mutex",
		"stripe":        "striped",
		"load":          "load-or-store",
		"mpa":           "", // two letters of three are wrong
		"nosuchtarget":  "",
		"":              "",
		"load-or-sotre": "load-or-store",
	} {
		if got := Name(word, names); got != want {
			t.Errorf("%q: %q; want %q", word, got, want)
		}
	}
	if got, want := Hint("stripd", names), `did you mean "striped"? `; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	if got := Hint("nosuchtarget", names); got != "" {
		t.Errorf("got %q; want none", got)
	}
}
