package build

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"path"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/internal/match"
	"github.com/mapstress/mapstress/target/methods"
)

// TestFile returns a test of the map that uses mapstress.Check: what was made of its methods,
// as source to keep and to edit. It belongs to the external tests of the map's package, or
// into any other package that may import that.
func (c *Child) TestFile() ([]byte, error) {
	a := &c.Adapter
	expr, err := qualified(a.Expr, a.Package)
	if err != nil {
		return nil, err
	}
	imports := map[string]string{"testing": "testing", "mapstress": ours, a.Package: c.Spec.Package} // their paths by their names
	var fields strings.Builder
	standIns := a.StandIns()
	code := expr + " " + a.Key + " " + a.Value + standIns
	for _, op := range match.Ops {
		if op == "Clone" || op == "Store" && c.Report.Choice.Put > 0 || op == "Delete" && c.Report.Choice.Remove > 0 {
			continue // what the one answers would have to be adapted, too; the other is not called
		}
		if chosen := a.Chosen(op, c.Report.Choice.Number(op)); chosen != nil {
			value := a.Field(op, chosen)
			fmt.Fprintf(&fields, "%s: %s,\n", op, value)
			code += value
		}
	}
	before, options, all := "", "", fields.String()
	if strings.Contains(all, "load(") {
		load := a.Chosen("Load", c.Report.Choice.Load)
		value := a.Field("Load", load)
		before = "load := " + value + "\n"
		all = strings.Replace(all, "Load: "+value+",\n", "Load: load,\n", 1)
	}
	meetsOnce, once := c.Report.MeetsOnce(methods.Candidates{"Range": a.Names("Range")})
	callsAgain, again := c.Report.CallsAgain(methods.Candidates{"Compute": a.Names("Compute")})
	setup := ""
	if c.Report.Evicts || c.Report.Unsafe != "" || once || again {
		setup = "contract := target.Usual()\n"
		imports["target"] = ours + "/target"
		options = `, mapstress.Promising(contract)`
	}
	if a.KeyField != "" {
		setup += fmt.Sprintf("values, err := target.CodecExcept[%s](%q) // the key is put there\nif err != nil {\nt.Fatal(err)\n}\n", a.Value, a.KeyField)
		imports["target"] = ours + "/target"
		options += `, mapstress.Values(values)`
	}
	for path, name := range a.Imports {
		imports[name] = path
	}
	for _, std := range standard {
		imports[std] = std
	}
	for path, name := range a.Others {
		imports[name] = path
	}
	var lines, others []string // of the standard library, and not
	for name, p := range imports {
		if p != "testing" && p != ours && p != ours+"/target" && !strings.Contains(code, name+".") {
			continue
		}
		line := fmt.Sprintf("%q", p)
		if path.Base(p) != name {
			line = name + " " + line
		}
		if (Spec{Package: p}).external() || c.Local && p == c.Spec.Package {
			others = append(others, line)
		} else {
			lines = append(lines, line)
		}
	}
	for _, group := range [][]string{lines, others} {
		slices.SortFunc(group, func(a, b string) int {
			return strings.Compare(a[strings.Index(a, `"`):], b[strings.Index(b, `"`):])
		})
	}
	lines = append(append(lines, ""), others...)
	made := match.Made(expr, a.Rest, "t.Fatal(err)")
	if match.Stops(a.Rest) && c.Report.Choice.Close == 0 {
		made += "_ = stop\n"
	}
	if again {
		setup += fmt.Sprintf("contract.InCompute = target.Callback{Again: true, Quote: %q}\n", callsAgain)
	}
	if once {
		setup += fmt.Sprintf("contract.Range = target.Promise{Level: target.Weak, Quote: %q}\n", meetsOnce)
	}
	if c.Report.Evicts {
		setup += "contract.Load = target.Promise{Level: target.Lossy, Quote: \"a cache may let go of any entry\"}\n"
	}
	if c.Report.Unsafe != "" {
		setup += "contract.Unsafe = true // it is not for concurrent use, so that what is found is told, and fails no test\n"
	}
	text := fmt.Sprintf(`package %s_test

import (
	%s
)

// TestMapUnderStress searches for schedules that make the map fail. What each method is taken
// for was found by name and signature, and by a try: change what is wrong.
func TestMapUnderStress(t *testing.T) {
	%smapstress.Check(t, func() mapstress.Map[%s, %s] {
		%s%sreturn mapstress.Map[%[4]s, %[5]s]{
			%[8]s}
	}%[9]s)
}
%[10]s`, a.Package, strings.Join(lines, "\n\t"), setup, a.Key, a.Value, made, before, all, options, standIns)
	source, err := format.Source([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("the adapter of %s is no Go: %w in\n%s", c.Spec, err, text)
	}
	return source, nil
}

// qualified puts the package's name before the exported names of an expression that have
// none.
func qualified(expr, pkg string) (string, error) {
	e, err := parser.ParseExpr(expr)
	if err != nil {
		return "", err
	}
	var at []int
	skip := map[ast.Node]bool{}
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			skip[n.Sel] = true
		case *ast.KeyValueExpr:
			skip[n.Key] = true
		case *ast.Ident:
			if ast.IsExported(n.Name) && !skip[n] {
				at = append(at, int(n.Pos())-1)
			}
		}
		return true
	})
	slices.Sort(at)
	for i := len(at) - 1; i >= 0; i-- {
		expr = expr[:at[i]] + pkg + "." + expr[at[i]:]
	}
	return expr, nil
}
