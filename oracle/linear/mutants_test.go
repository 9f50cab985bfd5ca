package linear

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var allMutants = flag.Bool("mutants", false, "plant every one of the listed errors, not a sample of them")

// A mutant is an error planted in this package.
type mutant struct {
	file, old, new string
	breaks         string
}

var mutants = []mutant{
	{"checker.go", "c.ops[0].Ret < c.ops[1].Inv", "c.ops[0].Ret <= c.ops[1].Inv", "equal stamps are concurrent, for ops done one by one"},
	{"checker.go", "if len(c.maybes) == 0 {\n			return Illegal", "if true {\n			return Illegal", "an op that never returned may have removed"},
	{"short.go", "if !ok {\n			return false", "if !ok {\n			break", "the order of the returns must explain all answers"},
	{"call.go", "if k.pre != nobody && c.values[k.pre].wild || k.val", "if k.val", "reads of repeated values are wild"},
	{"call.go", "u != nobody && !c.values[u].wild", "u == prefilled", "what replaces a repeated value is wild"},
	{"call.go", "case v.writer == nobody && k.role != wild:", "case v.writer == nobody:", "so is what a wild op writes"},
	{"call.go", "if c.observed(c.calls[i].val) {", "if c.calls[i].val != nobody {", "an op that never returned need not have happened"},
	{"call.go", "i = c.values[k.pre].writer", "i = nobody", "who wrote what a lost op replaced took effect"},
	{"chain.go", "if one != nobody {", "if one == prefilled {", "a value is consumed once"},
	{"chain.go", "if ret < b.s {", "if ret < b.f {", "a chain is in the order of time"},
	{"chain.go", "if chained != written {", "if chained > written {", "chains are no circles"},
	{"chain.go", "b.asks = c.ops[w].Pre == Absent", "b.asks = false", "an insertion needs the key absent"},
	{"chain.go", "if v.early != nobody || v.consumer != nobody {", "if v.early != nobody {", "a consumed value was written"},
	{"zone.go", "if y.f < x.s {", "if y.f <= x.s {", "zones may touch"},
	{"zone.go", "if p.b < z.s {", "if p.b <= z.s {", "a point may touch the end of a zone"},
	{"zone.go", "c.zones[next].f < p.a {", "c.zones[next].f <= p.a {", "and the start of one"},
	{"zone.go", "p.b = c.zones[last].f", "p.b = c.zones[last].s", "a zone takes time from points"},
	{"sweep.go", "	if len(w.inserts) > 0 {\n		w.inserts.pop()", "	if w.misses < 0 {\n		w.inserts.pop()", "an absent key is used before it is lost"},
	{"sweep.go", "	w.removes.pop()\n	w.vacate()\n	return true", "	w.vacate()\n	return true", "a removal is spent once"},
	{"heap.go", "if s[up] <= s[i] {", "if s[up] >= s[i] {", "what is due first goes first"},
	{"sweep.go", "		if w.absent {\n			w.stores", "		if true {\n			w.stores", "a store is free while a value is held"},
	{"sweep.go", "	if !z.asks {\n		w.use()", "	if z.asks {\n		w.use()", "a zone that needs nothing lets an insertion go first"},
	{"sweep.go", "w.absent, w.stores = false, Pending", "w.absent = false", "stores are done once a value is held"},
	{"sweep.go", "w.absent, w.misses = true, Pending", "w.absent = true", "misses are done once the key is absent"},
	{"sweep.go", "due > t || due == t && !included", "due >= t", "what is due when a zone starts goes before it"},
	{"sweep.go", "return asks && held", "return asks && held && len(c.zones) > 0", "points alone can ask too much"},
	{"compare.go", "if op.Inv > v.hi && op.Ret", "if op.Inv >= v.hi && op.Ret", "a compare may touch the write"},
	{"compare.go", "if op.Inv <= v.low {", "if op.Inv <= v.hi {", "a write that may be later may be sooner"},
	{"compare.go", "if latest <= op.Ret {", "if latest <= op.Ret || op.Inv <= latest {", "a compare within the value's time is not done with"},
	{"compare.go", "if before >= 0 && c.zones[before].s >= op.Inv {", "if before >= 0 {", "a zone before the value must reach into the compare"},
	{"compare.go", "if c.zones[after].f <= op.Ret {", "if op.Inv <= c.zones[after].s {", "and so must one after it"},
	{"compare.go", "c.points[mid].a <= t {", "c.points[mid].a < t-1 {", "a point that need not come after the value proves nothing"},
	{"compare.go", "return v.consumer != nobody || op.Inv <= b.s", "return true", "a value that nobody consumes stays"},
	{"compare.go", "	if v.consumer == nobody {\n		return false", "	if v.consumer == nobody {\n		return true", "the same in a zone"},
	{"compare.go", "return max(b.f, c.lastSeen(v)) <= op.Ret", "return b.f <= op.Ret", "a value lasts until it is consumed"},
	{"compare.go", "latest = c.values[u].hi", "latest = c.ops[v.consumer].Inv", "a value may be consumed late"},
	{"cut.go", "z.cut = last < z.s && over < from", "z.cut = last < z.s || over < from", "loose ops do not let a zone be a cut"},
	{"cut.go", "z.cut = last < z.s && over < from", "z.cut = over < from", "nor do points that have the choice"},
	{"cut.go", "last < z.s && over < from", "last < z.s && over < max(from, z.f)", "a block may hold the key before its zone"},
	{"cut.go", "return from, max(until, z.s)", "return from, z.s", "and after it"},
	{"cut.go", "asks := p.zone != nobody && c.zones[p.zone].asks", "asks := false", "a piece leaves what the next zone needs"},
	{"cut.go", "	if !z.held {\n		return State{}", "	if z.asks {\n		return State{}", "a piece starts from what the zone before it leaves"},
	{"cut.go", "c.calls[i].role = wild", "c.calls[i].role = nothing", "the search tries what may have happened"},
	{"event.go", "s.moves[s.called].Inv <= s.moves", "s.moves[s.called].Inv < s.moves", "equal stamps are concurrent, for the search"},
	{"search.go", "if other.Ret <= m.Ret {", "if other.Ret >= m.Ret {", "of equal moves the first to return goes first"},
	{"search.go", "if from.writers != 1 {", "if from.writers == 0 {", "a repeated value may come again"},
	{"search.go", "m.looks && m.holds(after)", "m.looks", "ops that look see the state"},
	{"event.go", "if m.looks && m.holds(s.state) {", "if m.looks {", "also when they are called"},
	{"event.go", "s.holder[m.slot] = m.below", "s.holder[m.slot] = nobody", "going back gives slots to those who had them"},
	{"search.go", "!(asks && s.state.Present)", "(asks || !asks)", "the search leaves what is asked for"},
	{"search.go", "s.left < 0 {\n			return Unknown", "s.left < 0 {\n			return Illegal", "an exhausted budget is no violation"},
	{"event.go", "s.moves[s.byRet[next]].Ret < m.Inv", "s.moves[s.byRet[next]].Ret <= m.Inv", "a slot is not free at the moment of a return"},
	{"search.go", "copy(s.config[2:], s.done)", "copy(s.config[2:], s.done[:1])", "a configuration has all words of its set"},
	{"sort.go", "key(&s[down]) < key(&s[down+1])", "key(&s[down]) > key(&s[down+1])", "the greater one rises"},
	{"table.go", "if equal(slot, config) {", "if slot[0] == config[0] {", "configurations differ in each word"},
	{"move.go", "kind<<58 ^ pre<<29 ^ value", "kind<<58 ^ pre<<29", "moves that write different values are not alike"},
}

// Each planted error must make the short tests fail. Those that would change the
// speed alone are not listed. To plant all of them:
//
//	go test ./oracle/linear -run Mutants -mutants
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the package once for each planted error")
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip(err)
	}
	for i, m := range mutants {
		content, err := os.ReadFile(m.file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(content), m.old) != 1 {
			t.Errorf("%s has %q %d times; want once", m.file, m.old, strings.Count(string(content), m.old))
			continue
		}
		if *allMutants || i%9 == 0 {
			m.plant(t, goTool, strings.Replace(string(content), m.old, m.new, 1))
		}
	}
}

// plant runs the short tests on the package with the file's content changed.
func (m *mutant) plant(t *testing.T, goTool, content string) {
	dir := t.TempDir()
	changed := filepath.Join(dir, m.file)
	original, err := filepath.Abs(m.file)
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{changed: content, filepath.Join(dir, "overlay.json"): string(overlay)} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(goTool, "test", "-overlay", filepath.Join(dir, "overlay.json"),
		"-short", "-failfast", "-vet=off", "-timeout", "20s", ".").CombinedOutput()
	switch {
	case err == nil:
		t.Errorf("%s: not caught that %s", m.file, m.breaks)
	case !strings.Contains(string(out), "--- FAIL") && !strings.Contains(string(out), "panic: "):
		t.Errorf("%s: %s: the tests did not run: %s", m.file, m.breaks, out)
	}
}
