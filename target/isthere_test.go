package target

import "testing"

type void struct{}

type member bool

// TestValueCodecOf: of a struct{} each is a value, of a bool true alone, and all else is as ever.
func TestValueCodecOf(t *testing.T) {
	nothing, err := ValueCodecOf[void]()
	if _, ok := nothing.Decode(void{}); err != nil || !ok || nothing.Name != IsThere {
		t.Errorf("of a struct{}: %v, %v: %q", err, ok, nothing.Name)
	}
	truth, err := ValueCodecOf[member]()
	if err != nil {
		t.Fatal(err)
	}
	_, yes := truth.Decode(truth.Encode(7))
	_, no := truth.Decode(false)
	if !yes || no || truth.Name != IsThere {
		t.Errorf("of a bool, true is a value: %v; false is: %v; %q", yes, no, truth.Name)
	}
	if c, err := ValueCodecOf[int](); err != nil || c.Name != "int" {
		t.Errorf("of int: %v, %q", err, c.Name)
	}
	if _, err := ValueCodecOf[func()](); err == nil {
		t.Error("of functions: no error")
	}
}
