package match

import (
	"strings"
	"testing"
)

// TestWithin: a map whose values have their key in them, and the functions that put it there.
func TestWithin(t *testing.T) {
	client := func(fields ...Field) Type {
		return pointer(Type{Text: "app.Client", Kind: "struct", Fields: fields})
	}
	registry := func(value Type) *Map {
		return &Map{Type: pointer(Type{Text: "app.Registry", Kind: "struct"}), Methods: []Method{
			{Name: "Add", In: types(value)},
			{Name: "All", Out: types(slice(value))},
			{Name: "Get", In: types(str), Out: types(value, boolean)},
			{Name: "Remove", In: types(value)},
			{Name: "Size", Out: types(number)},
			{Name: "TryAdd", In: types(value), Out: types(boolean)},
		}}
	}
	id, name, other := Field{"ID", str}, Field{"Name", str}, Field{"Addr", str}
	for _, test := range []struct {
		fields []Field
		want   string
	}{
		{[]Field{id}, "ID"}, {[]Field{name, other, id}, "ID"}, {[]Field{name, other}, "Name"}, {[]Field{other}, "Addr"},
		{[]Field{other, {"Mail", str}}, ""}, {[]Field{{"ID", number}}, ""}, {nil, ""},
	} {
		a, err := Match(registry(client(test.fields...)))
		if test.want == "" {
			if a != nil && a.KeyField != "" {
				t.Errorf("%v: the key is in %s", test.fields, a.KeyField)
			}
			continue
		}
		if err != nil || a.KeyField != test.want || a.Key != "string" || a.Value != "*app.Client" {
			t.Fatalf("%v: %+v, %v", test.fields, a, err)
		}
		for op, want := range map[string]string{
			"Store":       "m.Add(func() *app.Client {\nif v != nil && v.ID != k {\nv.ID = k\n}\nreturn v\n}())",
			"LoadOrStore": "stored := m.TryAdd(func() *app.Client {",
			"Delete":      "m.Remove(&app.Client{ID: k})",
			"Load":        "m.Get(k)",
			"Range":       "for _, x := range all {\nif !yield(x.ID, x) {",
			"Len":         "m.Size()",
		} {
			want = strings.ReplaceAll(want, "ID", test.want)
			if all := a.of(op); len(all) == 0 || !strings.Contains(all[0].Code, want) {
				t.Errorf("%s: %+v; want %s", op, all, want)
			} else if plain := op == "Load" || op == "Len"; (all[0].Signature != "") != plain {
				t.Errorf("%s: signature %q", op, all[0].Signature)
			}
		}
	}
	if a, err := Match(registry(str)); err != nil || a.KeyField != "" || a.Value != "struct{}" {
		t.Errorf("of strings: %+v, %v; want a set", a, err)
	}
}
