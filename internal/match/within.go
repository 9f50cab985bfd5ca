package match

import "slices"

// within finds the key that a map's values have in them, as those of a registry with Add(*User) and
// Get(id): a field of what a pointer points to, of the type that a method loads by.
func (m *Map) within() (key, value Type, field string, ok bool) {
	value, single := m.setOf()
	if !single || value.Kind != "ptr" || value.Elem == nil || value.Elem.Kind != "struct" {
		return key, value, "", false
	}
	for _, method := range m.named("Load") {
		in := dropContext(method.In)
		answers := slices.ContainsFunc(method.Out, func(t Type) bool { return t.Text == value.Text })
		if len(in) != 1 || method.Variadic || !answers || in[0].Text == value.Text || !in[0].Comparable {
			continue
		}
		if field = keyField(value.Elem, in[0].Text); field != "" {
			return in[0], value, field, true
		}
	}
	return key, value, "", false
}

// keyField returns the field of a struct that has its key: one of those names, or the only one of
// the key's type; empty if there is none.
func keyField(t *Type, key string) (name string) {
	all := 0
	for _, f := range t.Fields {
		if f.Type.Text != key {
			continue
		}
		if slices.Contains([]string{"ID", "Id", "Key", "UUID", "Name"}, f.Name) {
			return f.Name
		}
		name = f.Name
		all++
	}
	if all > 1 {
		return ""
	}
	return name
}
