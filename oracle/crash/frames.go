package crash

import (
	"sort"
	"strings"
)

// maxFrames is how many frames tell two findings apart. More would part the
// same bug by the way a caller reached it.
const maxFrames = 4

// causeFrames are the frames of the failed goroutine, the first of the dump.
// Below the last call of panic stands what panicked first; above it, what
// recovered and panicked again.
func causeFrames(dump []Goroutine, own func(string) bool) []string {
	if len(dump) == 0 {
		return nil
	}
	return telling(firstFailure(dump[0].Frames), own, maxFrames)
}

func firstFailure(fs []Frame) []Frame {
	for i := len(fs) - 1; i >= 0; i-- {
		if fs[i].Func == "panic" || fs[i].Func == "runtime.gopanic" {
			return fs[i+1:]
		}
	}
	return fs
}

// Where returns the call in which a process died that printed text, the innermost that is not the
// runtime's doing, nor that of an atomic op; false if the text does not say.
func Where(text string) (Frame, bool) {
	dump := Goroutines(text)
	if len(dump) == 0 {
		return Frame{}, false
	}
	for _, f := range firstFailure(dump[0].Frames) {
		if !machinery(f.Func) && packageOf(f.Func) != "sync/atomic" && !mapEntry().MatchString(f.Func) {
			return f, true
		}
	}
	return Frame{}, false
}

// cycleFrames are the functions of a recursion, sorted: the stack may overflow
// at any of them. The frames that led into it lie far below.
func cycleFrames(dump []Goroutine, own func(string) bool) []string {
	if len(dump) == 0 {
		return nil
	}
	const window = 32 // frames; longer cycles are told apart by a part of them
	fs := dump[0].Frames
	return distinct(telling(fs[:min(window, len(fs))], own, window))
}

// waitFrames are the functions in which goroutines wait, sorted: which of the
// goroutines comes first in a dump is chance.
func waitFrames(dump []Goroutine, own func(string) bool) (fs []string) {
	for _, g := range dump {
		fs = append(fs, telling(waitedIn(g), own, 1)...)
	}
	return distinct(fs)
}

// waitedIn drops the innermost frames that only say how a goroutine waits.
func waitedIn(g Goroutine) []Frame {
	for i, f := range g.Frames {
		p := packageOf(f.Func)
		if p != "sync" && p != "internal/sync" && !machinery(f.Func) {
			return g.Frames[i:]
		}
	}
	return g.Frames
}

// distinct sorts the names, drops repetitions, and keeps the first few.
func distinct(names []string) (fs []string) {
	sort.Strings(names)
	for i, n := range names {
		if (i == 0 || n != names[i-1]) && len(fs) < maxFrames {
			fs = append(fs, n)
		}
	}
	return fs
}

// telling returns the names of the first n frames that are the target's, or the
// entry points of the runtime's map. Direct repetitions count once: wrappers
// that the compiler makes appear under GOTRACEBACK=system only. Of map entry
// points that call each other only the outermost counts, the one the target
// called: where in a map's broken insides a fault strikes is chance.
func telling(fs []Frame, own func(string) bool, n int) (names []string) {
	inMap := false
	for _, f := range fs {
		if machinery(f.Func) || own != nil && own(f.Func) {
			continue
		}
		name, last := normal(f.Func), len(names)-1
		switch {
		case last >= 0 && names[last] == name:
		case last >= 0 && inMap && mapEntry().MatchString(f.Func):
			names[last] = name
		case len(names) == n:
			return names
		default:
			names = append(names, name)
		}
		inMap = mapEntry().MatchString(f.Func)
	}
	return names
}

// raisedByTarget reports whether the first call outside the runtime's machinery
// is not the tester's own. Without any stack it cannot tell, and says no.
func (d Death) raisedByTarget(dump []Goroutine) bool {
	if len(dump) == 0 {
		return false
	}
	for _, f := range firstFailure(dump[0].Frames) {
		if !machinery(f.Func) {
			return d.Own == nil || !d.Own(f.Func)
		}
	}
	return false
}

var (
	// What compiled code calls to use a map: it says what the target was doing.
	// The functions below it only say how far the runtime came.
	mapEntry = pattern(`^runtime\.map(?:access|assign|delete|clear|clone|iter|Iter)|^internal/runtime/maps\.\(\*Iter\)\.Next$`)
	wrapper  = pattern(`-fm$|\.(?:gowrap|deferwrap)\d+$`)
	// What the exported methods of package sync, which stay, are made of.
	slowPath = pattern(`^sync\.(?:fatal|throw|runtime_\w+|.*Slow)$|^internal/sync\.(?:\(\*Mutex\)\..*|[a-z]\w*)$`)
)

// machinery reports whether a function is the compiler's or the runtime's doing
// and says nothing about the bug.
func machinery(function string) bool {
	if mapEntry().MatchString(function) {
		return false
	}
	p := packageOf(function)
	return p == "" || p == "runtime" || p == "runtime/debug" ||
		strings.HasPrefix(p, "internal/") && p != "internal/sync" ||
		wrapper().MatchString(function) || slowPath().MatchString(function)
}

// packageOf returns the import path in a function's name; "" for assembly
// routines and built-ins.
func packageOf(function string) string {
	slash := strings.LastIndexByte(beforeBracket(function), '/')
	dot := strings.IndexByte(function[slash+1:], '.')
	if dot < 0 {
		return ""
	}
	return function[:slash+1+dot]
}

func beforeBracket(s string) string {
	s, _, _ = strings.Cut(s, "[")
	return s
}

var mapVariant = pattern(`^(runtime\.map\w+?)_fast(?:32|64|str)(?:ptr)?$`)

// normal makes one name of a function's variants: the map entry points for
// certain keys, and the instances of a generic function.
func normal(function string) string {
	if m := mapVariant().FindStringSubmatch(function); m != nil {
		return m[1]
	}
	var b strings.Builder
	depth := 0
	for _, r := range function {
		if r == '[' {
			if depth == 0 {
				b.WriteString("[...")
			}
			depth++
		}
		if r == ']' && depth > 0 {
			depth--
		}
		if depth == 0 {
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "|", "/")
}
