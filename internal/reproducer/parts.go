package reproducer

import (
	"fmt"
	"strings"
)

// parts writes what the rest of the program calls for.
func (p *program) parts() string {
	var b strings.Builder
	key, value := p.m.Key.named(), p.m.Value.named()
	if p.uses["entry"] {
		b.WriteString(p.entry(value))
	}
	if p.uses["explained"] {
		b.WriteString(p.explained(key, value))
	}
	if p.uses["ranged"] {
		twice := "if seen[k] {\nreturn fmt.Sprintf(\"Range met the key %v twice\", k)\n}\n"
		if p.uses["deletes"] {
			twice = ""
		}
		fmt.Fprintf(&b, ranged, key.Name, twice)
	}
	if p.uses["found"] {
		fmt.Fprintf(&b, "// found makes an entry of an answer.\nfunc found(v %s, err error) entry { return entry{v: v, ok: err == nil} }\n\n", value.Name)
	}
	if p.uses["key"] {
		b.WriteString(key.maker("key"))
	}
	if p.uses["value"] {
		b.WriteString(value.maker("value"))
	}
	if key.Kind == "ptr" {
		fmt.Fprintf(&b, "// keys are what the map's keys point to.\nvar keys [%d]%s\n\n", p.last(false)+1, strings.TrimPrefix(key.Name, "*"))
	}
	if value.Kind == "ptr" {
		fmt.Fprintf(&b, "// values are what the map's values point to.\nvar values [%d]%s\n\n", p.last(true)+1, strings.TrimPrefix(value.Name, "*"))
	}
	if p.uses["together"] {
		b.WriteString(p.together())
	}
	if p.uses["pause"] || p.uses["stall"] {
		b.WriteString(p.pauses())
	}
	if p.check.ordered {
		b.WriteString(clock)
	}
	if p.uses["watch"] {
		b.WriteString(watch)
	}
	if p.uses["left"] {
		b.WriteString(left)
	}
	return b.String()
}

// last is the number of the largest key, or value.
func (p *program) last(values bool) uint64 {
	last := uint64(max(p.c.Schedule.Prefill, p.c.Schedule.Peak))
	for _, ops := range p.c.Schedule.Workers {
		for _, op := range ops {
			if values {
				last = max(last, op.Value, op.Old)
			} else if op.Kind.Keyed() {
				last = max(last, op.Key)
			}
		}
	}
	return last
}

func (p *program) entry(value Type) string {
	text := fmt.Sprintf("// An entry is a value, and whether there is one.\ntype entry struct {\nv %s\nok bool\n", value.Name)
	if p.uses["calls"] {
		text += "calls int // of Compute's function\n"
	}
	if p.uses["met"] {
		text += fmt.Sprintf("met []%s // by Range\n", p.m.Key.named().Name)
	}
	if p.check.ordered {
		text += "from, to int64 // when the call began, and was over\n"
	}
	text += "}\n\n"
	if p.check.ordered && p.uses["found"] {
		text += "// keep takes an answer.\nfunc (e *entry) keep(got entry) { e.v, e.ok = got.v, got.ok }\n\n"
	}
	return text
}

const ranged = `// ranged says what is wrong with the keys that a Range met.
func ranged(met []%[1]s, stay, named map[%[1]s]bool) string {
	seen := map[%[1]s]bool{}
	for _, k := range met {
		%[2]sif seen[k] = true; !named[k] {
			return fmt.Sprintf("Range met the key %%v, which nobody put there", k)
		}
	}
	for k := range stay {
		if !seen[k] {
			return fmt.Sprintf("Range did not meet the key %%v, which was there all along", k)
		}
	}
	return ""
}

`

// awake is the together of most programs.
const awake = `// crew are goroutines that stay awake between tries: waking one takes longer than the calls.
var crew struct {
	functions          []func()
	round, there, over atomic.Int64 // the last two count all rounds
}

// together runs the functions at the same time: they begin once all of them are there.
func together(functions ...func()) {
	rand.Shuffle(len(functions), func(i, j int) { // each is the first to go now and then
		functions[i], functions[j] = functions[j], functions[i]
	})
	crew.functions = functions
	round := crew.round.Add(1)
	for g := 1; round == 1 && g < len(functions); g++ {
		go func() {
			for round := int64(1); ; round++ {
				await(&crew.round, round)
				meet(g, round)
				crew.over.Add(1)
			}
		}()
	}
	meet(0, round)
	await(&crew.over, round*int64(len(functions)-1))
}

func meet(g int, round int64) {
	crew.there.Add(1)
	await(&crew.there, round*int64(len(crew.functions)))
	for n := rand.IntN(200); n > 0; n-- { // the last to come would be well ahead
	}
	crew.functions[g]()
}

func await(n *atomic.Int64, least int64) {
	for turns := 0; n.Load() < least; turns++ {
		if turns > %d {
			runtime.Gosched()
		}
	}
}

`

// afresh is the together of programs that count goroutines.
const afresh = `// together runs the functions at the same time.
func together(functions ...func()) {
	var all sync.WaitGroup
	for _, f := range functions {
		all.Add(1)
		go func() {
			defer all.Done()
			f()
		}()
	}
	all.Wait()
}

`

// together writes the function that runs others at the same time.
func (p *program) together() string {
	switch {
	case p.check.leak:
		return afresh
	case len(p.c.Schedule.Workers) > max(p.c.Found.CPUs, 2):
		return fmt.Sprintf(awake, 100) // some have no processor while others wait
	}
	return fmt.Sprintf(awake, 10_000)
}

// pauses writes what disturbs the goroutines.
func (p *program) pauses() string {
	t := &p.c.Schedule.Timing
	body := ""
	if t.Gosched > 0 {
		body += fmt.Sprintf("if rand.IntN(100) < %d {\nruntime.Gosched()\n}\n", t.Gosched)
	}
	if t.Spin > 0 {
		body += fmt.Sprintf("for n := rand.IntN(%d + 1); n > 0; n-- {\n}\n", t.Spin)
	}
	text := ""
	if p.uses["pause"] {
		text += "// pause shifts the calls of the goroutines against each other.\nfunc pause() {\n" + body + "}\n\n"
	}
	if p.uses["stall"] {
		text += fmt.Sprintf("// stall keeps one goroutine behind the others.\nfunc stall() {\n%sfor n := rand.IntN(%d + 1); n > 0; n-- {\n}\n}\n\n", body, 10*t.Spin+2000)
	}
	return text
}

const clock = `var clock atomic.Int64

func now() int64 { return clock.Add(1) }

`

const watch = `// watch ends the process when a try does not end in 10 seconds.
func watch() *atomic.Int64 {
	var try atomic.Int64
	go func() {
		for last := int64(0); ; last = try.Load() {
			time.Sleep(10 * time.Second)
			if try.Load() == last {
				stacks := make([]byte, 1<<20)
				stacks = stacks[:runtime.Stack(stacks, true)]
				fmt.Printf("try %d of %d does not end: these goroutines are left\n\n%s", last, tries, stacks)
				os.Exit(1)
			}
		}
	}()
	return &try
}

`

const left = `// left returns how many goroutines there are more than before, and stay.
func left(before int) (more int) {
	for range 1000 {
		if more = runtime.NumGoroutine() - before; more <= 0 {
			return 0
		}
		time.Sleep(time.Millisecond)
	}
	return more
}

`
