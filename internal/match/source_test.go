package match

import "testing"

// TestMade: of what an expression has beside the map.
func TestMade(t *testing.T) {
	for _, test := range []struct {
		rest []string
		want string
	}{
		{nil, "m := New()\n"},
		{[]string{""}, "m, _ := New()\n"},
		{[]string{"err"}, "m, err := New()\nif err != nil {\nreturn\n}\n"},
		{[]string{"stop"}, "m, stop := New()\n"},
		{[]string{"", "stop", "stop", "err", "err"}, "m, _, stop, _, err, _ := New()\nif err != nil {\nreturn\n}\n"},
	} {
		if got := Made("New()", test.rest, "return"); got != test.want {
			t.Errorf("with %q: %q; want %q", test.rest, got, test.want)
		}
	}
}

// TestStopped: what comes with a map is called to close it, and nothing else; a method of the right type is
// a field's value by itself.
func TestStopped(t *testing.T) {
	m := &Map{Type: pointer(Type{Text: "cache.Map", Kind: "struct"}), Rest: []string{"err", "stop"}, Methods: []Method{
		{Name: "Get", In: types(str), Out: types(number, boolean)},
		{Name: "Set", In: types(str, number), Out: types(failure)},
		{Name: "Close", Out: types(failure)},
	}}
	a, err := Match(m)
	if err != nil {
		t.Fatal(err)
	}
	if all := a.of("Close"); len(all) != 1 || all[0].Code != "func() { stop() }" {
		t.Errorf("to close it: %+v", all)
	}
	if len(a.Unused) != 1 || a.Unused[0].Why != unneeded {
		t.Errorf("not used: %+v", a.Unused)
	}
	if got := a.Field("Load", a.Chosen("Load", 1)); got != "m.Get" {
		t.Errorf("Load: %s", got)
	}
	if got := a.Field("Store", a.Chosen("Store", 1)); got != "func(k string, v int) { m.Set(k, v) }" {
		t.Errorf("Store: %s", got)
	}
}
