package build

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/internal/match"
)

// serve is the child. Its argument is the file of its report: it serves by what that says,
// or, if it is not asked to, writes it.
func serve(s Spec, ours string, imports []string, expr string, a *match.Adapter) string {
	var names strings.Builder
	for _, op := range match.Ops {
		if all := a.Names(op); len(all) > 0 {
			fmt.Fprintf(&names, "\t%q: %#v,\n", op, all)
		}
	}
	fixed := []string{
		`mapstressjson "encoding/json"`, `mapstressos "os"`,
		fmt.Sprintf(`mapstressserve "%s/internal/child/serve"`, ours),
		fmt.Sprintf(`mapstress "%s/target"`, ours),
		fmt.Sprintf(`mapstressmethods "%s/target/methods"`, ours),
	}
	source := a.Switches()
	adapt := ""
	if len(a.Names("Clone")) > 0 { // what that answers is adapted, too
		adapt = fmt.Sprintf(`
// adaptMap has the methods of a map that are asked for.
func adaptMap(m %s, use mapstressmethods.Choice) (t mapstress.Map[%s, %s]) {
%s	return t
}
`, a.Type, a.Key, a.Value, source)
		source = "t = adaptMap(m, use)\n"
	}
	standIns := a.StandIns()
	for path, name := range a.Imports {
		line := fmt.Sprintf("%s %q", name, path)
		if regexp.MustCompile(`\b`+name+`\.`).MatchString(source+adapt+standIns+a.Key+" "+a.Value) && !slices.Contains(imports, line) && !slices.Contains(imports, fmt.Sprintf("%q", path)) {
			fixed = append(fixed, line)
		}
	}
	making := "m := " + made(expr) + "\n_ = m\n"
	if match.Stops(a.Rest) {
		making = match.Made("/*line expression:1:1*/"+expr+"/*line adapter:1:1*/", a.Rest, "panic(err)") + "_ = m\n"
		source += "if use.Close > 0 {\nt.Close = func() { stop() }\n}\n"
	}
	expire := ""
	if strings.Contains(expr, "time.") { // it may be how long an entry lives
		expire = "\tmapstressmethods.Expire(report, makeMap)\n"
	}
	return fmt.Sprintf("package main\n\nimport (\n%s)\n", lines(append(fixed, imports...))) + firstSource + fmt.Sprintf(`
// makeMap makes a fresh map with the methods that are asked for.
func makeMap(mapstressUse mapstressmethods.Choice) mapstress.Map[%[1]s, %[2]s] {
	%[3]s	use := mapstressUse
	var t mapstress.Map[%[1]s, %[2]s]
	%[4]s	return t
}
%[7]s%[11]s
var allCandidates = mapstressmethods.Candidates{
%[5]s}

func main() {
	if mapstressserve.Requested() {
		body, err := mapstressos.ReadFile(mapstressos.Args[1])
		mustBe(err)
		var report mapstressmethods.Report
		mustBe(mapstressjson.Unmarshal(body, &report))
		t, err := mapstressmethods.Target(%[6]q, &report, allCandidates, makeMap)
		mustBe(err)
		mapstressserve.Main([]mapstress.Target{t})
	}
	report, err := mapstressmethods.Examine(allCandidates, makeMap, %[10]q)
	if err != nil {
		mustBe(mapstressos.WriteFile(mapstressos.Args[1]+%[8]q, []byte(err.Error()), 0o666))
		return
	}
%[9]s	body, err := mapstressjson.Marshal(report)
	mustBe(err)
	mustBe(mapstressos.WriteFile(mapstressos.Args[1], body, 0o666))
}

func mustBe(err error) {
	if err != nil {
		panic(err)
	}
}
`, a.Key, a.Value, making, source, names.String(), s.String(), adapt, unfit, expire, a.KeyField, standIns)
}

// unfit ends the name of the file in which a child says why it cannot test its map. An exit code
// might be the map's own, and so might be what was printed.
const unfit = ".unfit"
