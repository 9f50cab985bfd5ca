package instrument

import (
	"fmt"
	"regexp"
	"strings"
)

// declaration matches a function of sync/atomic that is written in assembly.
var declaration = regexp.MustCompile(`(?m)^func (Swap|CompareAndSwap|Add|And|Or|Load|Store)(Int32|Uint32|Int64|Uint64|Uintptr|Pointer)(\(.*\))$`)

// pragmas matches what is said of such functions, and no more true of one with a body.
var pragmas = regexp.MustCompile(`(?m)^//go:(noescape|linkname(?:std)? \w+)\n`)

// opsPerFile is how many of them there are at least in a file of sync/atomic.
const opsPerFile = 14

// withBodies gives the functions of a file of sync/atomic bodies in Go, which report a
// point first. They are the race detector's as far as the compiler is concerned, so that
// all that is compiled with it calls them, and what is not, such as the runtime, has its
// own instructions in place.
func withBodies(file, text, version string) (string, error) {
	if n := len(declaration.FindAllString(text, -1)); n < opsPerFile {
		return "", &AnchorError{File: file, Anchor: "func LoadInt32(addr *int32) (val int32), and others like it", Found: n, Version: version}
	}
	text = pragmas.ReplaceAllString(text, "")
	text = declaration.ReplaceAllStringFunc(text, func(line string) string {
		m := declaration.FindStringSubmatch(line)
		return fmt.Sprintf("func %s%s%s {\n\t%s\n}", m[1], m[2], m[3], body(m[1], m[2]))
	})
	imports := "\nimport mapstressAtomics \"internal/runtime/atomic\"\n"
	if !strings.Contains(text, "\"unsafe\"\n") {
		imports += "import \"unsafe\"\n"
	}
	return strings.Replace(text, "\npackage atomic\n", "\npackage atomic\n"+imports, 1), nil
}

// A width is what there is to know of a type that atomic functions are for.
type width struct {
	own    string // the type
	as     string // as internal/runtime/atomic has it
	signed string // so is what it adds
	size   int
	suffix string // of the names there
}

var widths = map[string]width{
	"Int32":   {"int32", "uint32", "int32", 4, ""},
	"Uint32":  {"uint32", "uint32", "int32", 4, ""},
	"Int64":   {"int64", "uint64", "int64", 8, "64"},
	"Uint64":  {"uint64", "uint64", "int64", 8, "64"},
	"Uintptr": {"uintptr", "uintptr", "uintptr", 8, "uintptr"},
}

// The kinds of point, as they are numbered in added/runtime.go.txt.
var pointKinds = map[string]int{"Load": 3, "Store": 4, "Swap": 5, "Add": 5, "And": 5, "Or": 5, "CompareAndSwap": 6}

func body(op, kind string) string {
	w, number := widths[kind], true
	if kind == "Pointer" {
		w, number = width{size: 8}, false
	}
	point := fmt.Sprintf("mapstressAtomic(unsafe.Pointer(addr), %d, %d)\n\t", w.size, pointKinds[op])
	if !number {
		return point + map[string]string{
			"Load":           "return mapstressAtomics.Loadp(unsafe.Pointer(addr))",
			"Store":          "mapstressStorePointer(addr, val)",
			"Swap":           "return mapstressSwapPointer(addr, new)",
			"CompareAndSwap": "return mapstressCompareAndSwapPointer(addr, old, new)",
		}[op]
	}
	addr := fmt.Sprintf("(*%s)(unsafe.Pointer(addr))", w.as)
	switch op {
	case "Load":
		return point + fmt.Sprintf("return %s(mapstressAtomics.Load%s(%s))", w.own, w.suffix, addr)
	case "Store":
		return point + fmt.Sprintf("mapstressAtomics.Store%s(%s, %s(val))", w.suffix, addr, w.as)
	case "Swap":
		return point + fmt.Sprintf("return %s(mapstressAtomics.Xchg%s(%s, %s(new)))", w.own, w.suffix, addr, w.as)
	case "CompareAndSwap":
		return point + fmt.Sprintf("return mapstressAtomics.Cas%s(%s, %s(old), %s(new))", w.suffix, addr, w.as, w.as)
	case "Add":
		return point + fmt.Sprintf("return %s(mapstressAtomics.Xadd%s(%s, %s(delta)))", w.own, w.suffix, addr, w.signed)
	}
	suffix := w.suffix // And, Or
	if suffix == "" {
		suffix = "32"
	}
	return point + fmt.Sprintf("return %s(mapstressAtomics.%s%s(%s, %s(mask)))", w.own, op, suffix, addr, w.as)
}
