package match

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// noun is what a map calls its entries, where no method has the whole name of one that stores:
// "User" of one with SetUser and GetUser. Of several it is the one that most methods have. It is
// empty if there is none.
func (m *Map) noun() (noun string) {
	for i := range m.Methods {
		if method := &m.Methods[i]; stores(method.Name) && len(dropContext(method.In)) > 0 {
			return ""
		}
	}
	most := 0
	for i := range m.Methods {
		verb, rest := cutVerb(m.Methods[i].Name)
		if rest = withoutBy(rest); rest == "" || !stores(verb) {
			continue
		}
		loads, all := false, 0
		for j := range m.Methods {
			op := opOf(verbOf(m.Methods[j].Name, rest))
			loads = loads || op == "Load"
			if op != "" {
				all++
			}
		}
		if loads && all > most {
			noun, most = rest, all
		}
	}
	return noun
}

// stores reports whether a name is that of a method that stores.
func stores(name string) bool {
	op := opOf(name)
	return op == "Store" || op == "LoadOrStore" || op == "Swap"
}

// withoutBy cuts a name before what it goes by: GetUserByID becomes GetUser.
func withoutBy(name string) string {
	for i := range name {
		if rest, ok := strings.CutPrefix(name[i:], "By"); ok && startsWord(rest) {
			return name[:i]
		}
	}
	return name
}

// byKey are the ends of names that say that it goes by the key.
var byKey = regexp.MustCompile(`By(ID|Id|Key|Name|UUID)$`)

// startsWord reports whether a word begins there, within a name.
func startsWord(rest string) bool {
	first, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsUpper(first) || unicode.IsDigit(first)
}

// cutVerb cuts a name behind the longest name of a method that it begins with.
func cutVerb(name string) (verb, rest string) {
	for _, all := range names {
		for _, n := range strings.Fields(all) {
			after, ok := strings.CutPrefix(name, n)
			if ok && len(n) > len(verb) && startsWord(after) {
				verb, rest = n, after
			}
		}
	}
	return verb, rest
}

// verbOf is a method's name without the noun: Get of GetUser and GetUserByID, Count of UserCount,
// Load of User, All of Users and GetUsers. If there is no noun, it is the name, Get of GetByID.
func verbOf(name, noun string) string {
	if noun == "" {
		return byKey.ReplaceAllString(name, "")
	}
	name = withoutBy(name)
	plurals := []string{noun + "s", noun + "es"}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		plurals = append(plurals, stem+"ies")
	}
	for _, plural := range plurals {
		if verb, ok := strings.CutSuffix(name, plural); ok {
			if verb == "" || opOf(verb) == "Load" {
				return "All"
			}
			return verb
		}
	}
	if verb, ok := strings.CutSuffix(name, noun); ok {
		if verb == "" {
			return "Load"
		}
		return verb
	}
	if what, ok := strings.CutPrefix(name, noun); ok && opOf(what) != "" {
		return what
	}
	return name
}
