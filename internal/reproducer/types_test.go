package reproducer

import "testing"

// TestPresence: of values that say only that a key is there, there is one.
func TestPresence(t *testing.T) {
	for _, c := range []struct {
		of      Type
		known   bool
		literal string
	}{
		{Type{Name: "bool", Kind: "bool"}, true, "true"},
		{Type{Name: "struct {}", Kind: "struct"}, true, "struct {}{}"},
		{Type{Name: "cache.Nothing", Kind: "struct"}, false, ""},
	} {
		if err := c.of.known("value"); (err == nil) != c.known || c.of.known("key") == nil {
			t.Errorf("values of %s: %v", c.of.Name, err)
		}
		if c.known && (c.of.literal("value", 7) != c.literal || c.of.of("n", "value", nil) != c.literal) {
			t.Errorf("%s: %s and %s; want %s", c.of.Name, c.of.literal("value", 7), c.of.of("n", "value", nil), c.literal)
		}
	}
}
