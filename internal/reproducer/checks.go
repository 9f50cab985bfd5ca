package reproducer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// checks writes what is looked at once all is at rest.
func (p *program) checks(s *scheduler.Schedule, calls [][]called) (string, error) {
	switch {
	case p.check.keys:
		return p.checkKeys(s, calls)
	case p.check.ranges:
		return p.checkRanges(s), nil
	case p.check.rest:
		return p.checkRest(s)
	case p.check.reads:
		return p.readBack(s), nil
	case p.check.length:
		return p.checkLength(s)
	case p.check.callback:
		return p.checkCallbacks(), nil
	}
	return "", nil
}

// checkKeys looks for an order of the calls on each key.
func (p *program) checkKeys(s *scheduler.Schedule, calls [][]called) (string, error) {
	load, err := p.d.load("n")
	if err != nil {
		return "", err
	}
	p.uses["entry"], p.uses["explained"] = true, true
	var b strings.Builder
	b.WriteString("\n// All is at rest. These are the calls on each key, by goroutine.\ncalls := map[int][][]call{\n")
	var keys []uint64
	cleared := false
	for _, own := range calls {
		for _, c := range own {
			cleared = cleared || c.op.Kind == history.Clear
			if c.op.Kind.Keyed() {
				keys = append(keys, c.op.Key)
			}
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	on := func(key uint64) (text string) {
		for _, own := range calls {
			var literals []string
			for _, c := range own {
				if c.op.Kind == history.Clear || c.op.Key == key {
					literals = append(literals, c.literal)
				}
			}
			if len(literals) > 0 {
				text += "{" + strings.Join(literals, ", ") + "},\n"
			}
		}
		return text
	}
	for _, key := range keys {
		fmt.Fprintf(&b, "%d: {\n%s},\n", key, on(key))
	}
	b.WriteString("}\n")
	b.WriteString(p.allKeys(s, keys))
	value := p.m.Value.named().of("n", "value", p.uses)
	b.WriteString("var was, end entry\n")
	switch last := uint64(s.Prefill); {
	case last > 0 && (len(keys) == 0 || keys[len(keys)-1] <= last):
		fmt.Fprintf(&b, "was.v, was.ok = %s, true\n", value)
	case last > 0:
		fmt.Fprintf(&b, "if n <= %d {\nwas.v, was.ok = %s, true\n}\n", s.Prefill, value)
	}
	b.WriteString(load)
	of := "calls[n]"
	if cleared {
		fmt.Fprintf(&b, "on, named := calls[n]\nif !named {\non = [][]call{\n%s}\n}\n", on(^uint64(0)))
		of = "on"
	}
	if p.check.many {
		fmt.Fprintf(&b, "if !explained(was, end, %s, map[string]bool{}) {\nreturn unexplained(%s, was, end, %s)\n}\n", of, p.m.Key.named().of("n", "key", p.uses), of)
	} else {
		fmt.Fprintf(&b, "if !explained(was, end, %s) {\nreturn unexplained(%s, was, end, %s)\n}\n", of, p.m.Key.named().of("n", "key", p.uses), of)
	}
	b.WriteString("}\n")
	return b.String(), nil
}

// allKeys writes the head of a loop over the numbers of all keys.
func (p *program) allKeys(s *scheduler.Schedule, named []uint64) string {
	last := uint64(s.Prefill)
	if len(named) > 0 {
		last = max(last, named[len(named)-1])
	}
	if last <= uint64(s.Prefill+2*len(named)+64) {
		return fmt.Sprintf("for n := 1; n <= %d; n++ {\n", last)
	}
	var b strings.Builder
	b.WriteString("for _, n := range []int{")
	for _, k := range s.Keys() {
		fmt.Fprintf(&b, "%d, ", k)
	}
	return strings.TrimSuffix(b.String(), ", ") + "} {\n"
}

// checkRanges looks at what each Range met.
func (p *program) checkRanges(s *scheduler.Schedule) string {
	p.uses["entry"], p.uses["met"], p.uses["ranged"] = true, true, true
	touched := map[uint64]bool{}
	for _, ops := range s.Workers {
		for _, op := range ops {
			if op.Kind.Keyed() {
				touched[op.Key] = true
			}
			p.uses["deletes"] = p.uses["deletes"] || mayDelete(op.Kind)
		}
	}
	var b strings.Builder
	key := p.m.Key.named()
	fmt.Fprintf(&b, "\n// Keys of which nobody took anything away, and those that some call names.\nstay, named := map[%s]bool{}, map[%s]bool{}\n", key.Name, key.Name)
	b.WriteString(p.allKeys(s, s.OpKeys()))
	fmt.Fprintf(&b, "named[%s] = true\n", key.of("n", "key", p.uses))
	if s.Prefill > 0 {
		var not []string
		for _, k := range s.OpKeys() {
			if k <= uint64(s.Prefill) {
				not = append(not, fmt.Sprintf("n != %d", k))
			}
		}
		condition := strings.Join(append([]string{fmt.Sprintf("n <= %d", s.Prefill)}, not...), " && ")
		fmt.Fprintf(&b, "if %s {\nstay[%s] = true\n}\n", condition, key.of("n", "key", p.uses))
	}
	b.WriteString("}\n")
	for i := range p.answers {
		fmt.Fprintf(&b, "if wrong := ranged(r%d.met, stay, named); wrong != \"\" {\nreturn wrong\n}\n", i+1)
	}
	return b.String()
}

// checkRest compares Range with Load.
func (p *program) checkRest(s *scheduler.Schedule) (string, error) {
	begin, end, err := p.d.each(true)
	if err != nil {
		return "", err
	}
	load, err := p.d.load("n")
	if err != nil {
		return "", err
	}
	p.uses["entry"] = true
	key, value := p.m.Key.named(), p.m.Value.named()
	var b strings.Builder
	fmt.Fprintf(&b, "\n// All is at rest. Range and Load must agree now.\nwrong := \"\"\nmet := map[%s]%s{}\n", key.Name, value.Name)
	fmt.Fprintf(&b, "%sif _, twice := met[k]; twice {\nwrong = fmt.Sprintf(\"Range meets the key %%v twice\", k)\n}\nmet[k] = v\n%s", begin, end)
	b.WriteString("if wrong != \"\" {\nreturn wrong\n}\n")
	b.WriteString(p.allKeys(s, s.OpKeys()))
	k := key.of("n", "key", p.uses)
	fmt.Fprintf(&b, "var end entry\n%sv, there := met[%s]\n", load, k)
	fmt.Fprintf(&b, "if there != end.ok || there && v != end.v {\nreturn fmt.Sprintf(\"of the key %%v Range says %%v, %%t, and Load %%v, %%t\", %s, v, there, end.v, end.ok)\n}\ndelete(met, %s)\n}\n", k, k)
	b.WriteString("for k, v := range met {\nreturn fmt.Sprintf(\"Range meets the key %v, value %v, which nobody put there\", k, v)\n}\n")
	return b.String(), nil
}

// readBack reads the map by all methods that there are for it.
func (p *program) readBack(s *scheduler.Schedule) string {
	text := ""
	if load, err := p.d.load("n"); err == nil {
		p.uses["entry"] = true
		text += p.allKeys(s, s.OpKeys()) + "var end entry\n" + load + "_ = end\n}\n"
	}
	if begin, end, err := p.d.each(false); err == nil {
		text += begin + "_ = k\n" + end
	}
	if length, err := p.d.length(); err == nil {
		text += "_ = " + length + "\n"
	}
	if text == "" {
		return ""
	}
	return "\n// All is at rest, and the map is read back.\n" + text
}

// checkLength counts the keys.
func (p *program) checkLength(s *scheduler.Schedule) (string, error) {
	length, err := p.d.length()
	if err != nil {
		return "", err
	}
	load, err := p.d.load("n")
	if err != nil {
		return "", err
	}
	p.uses["entry"] = true
	var b strings.Builder
	b.WriteString("\n// All is at rest. The length must be the number of keys now.\nthere := 0\n")
	b.WriteString(p.allKeys(s, s.OpKeys()))
	fmt.Fprintf(&b, "var end entry\n%sif end.ok {\nthere++\n}\n}\n", load)
	fmt.Fprintf(&b, "if n := %s; n != there {\nreturn fmt.Sprintf(\"the length is %%d, and %%d keys are there\", n, there)\n}\n", length)
	return b.String(), nil
}

// checkCallbacks counts how often Compute called its function.
func (p *program) checkCallbacks() string {
	var b strings.Builder
	b.WriteString("\n")
	n := 0
	for _, ops := range p.c.Schedule.Workers {
		for _, op := range ops {
			if answers(op.Kind) {
				n++
				if op.Kind == history.Compute {
					fmt.Fprintf(&b, "if r%d.calls != 1 {\nreturn fmt.Sprintf(\"a function was called %%d times; want once\", r%d.calls)\n}\n", n, n)
				} else {
					fmt.Fprintf(&b, "_ = r%d\n", n)
				}
			}
		}
	}
	return b.String()
}
