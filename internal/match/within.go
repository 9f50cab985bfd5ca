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

// keyField returns the field of a struct that has its key: the first of these names that is of the key's
// type, or the only one that is; empty if there is none.
func keyField(t *Type, key string) string {
	var all []string
	for _, f := range t.Fields {
		if f.Type.Text == key {
			all = append(all, f.Name)
		}
	}
	for _, name := range []string{"ID", "Id", "Key", "UUID", "Name"} {
		if slices.Contains(all, name) {
			return name
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return ""
}
