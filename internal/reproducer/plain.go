package reproducer

import (
	"fmt"

	"github.com/mapstress/mapstress/history"
)

// plain is the dialect of the built-in map.
type plain struct {
	key, value Type
	uses       map[string]bool
}

func (d *plain) call(op history.Op, answer string) (statements, text string, err error) {
	k, v := d.key.literal("key", op.Key), d.value.literal("value", op.Value)
	switch op.Kind {
	case history.Load:
		return fmt.Sprintf("%s.v, %s.ok = m[%s]\n", answer, answer, k), "m[" + k + "]", nil
	case history.Store:
		text = fmt.Sprintf("m[%s] = %s", k, v)
	case history.Delete:
		text = fmt.Sprintf("delete(m, %s)", k)
	case history.Increment:
		text = fmt.Sprintf("m[%s]++", k)
	case history.Clear:
		text = "clear(m)"
	case history.Clone:
		d.uses["maps"] = true
		text = "maps.Clone(m)"
	default:
		return "", "", fmt.Errorf("a call of %s", op.Kind)
	}
	return text + "\n", text, nil
}

func (d *plain) insert(n string) (string, error) {
	return fmt.Sprintf("m[%s] = %s\n", d.key.of(n, "key", d.uses), d.value.of(n, "value", d.uses)), nil
}

func (d *plain) remove(n string) (string, error) {
	return fmt.Sprintf("delete(m, %s)\n", d.key.of(n, "key", d.uses)), nil
}

func (d *plain) load(n string) (string, error) {
	return fmt.Sprintf("end.v, end.ok = m[%s]\n", d.key.of(n, "key", d.uses)), nil
}

func (d *plain) each(values bool) (begin, end string, err error) {
	if !values {
		return "for k := range m {\n", "}\n", nil
	}
	return "for k, v := range m {\n", "}\n", nil
}

func (d *plain) length() (string, error) { return "len(m)", nil }

func (d *plain) close() string { return "" }

func (d *plain) functions(string) string { return "" }
