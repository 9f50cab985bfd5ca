package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mapstress/mapstress"
)

// unused lists methods for machines.
func unused(all []mapstress.Unused) (lines []string) {
	for _, u := range all {
		lines = append(lines, u.String())
	}
	return lines
}

// byReason tells methods that nothing is made of, those of the same reason in one line. A type may
// have dozens.
func byReason(all []mapstress.Unused) (lines []string) {
	of := map[string][]string{}
	var reasons []string
	for _, u := range all {
		if of[u.Why] == nil {
			reasons = append(reasons, u.Why)
		}
		of[u.Why] = append(of[u.Why], u.Name+u.Signature)
	}
	for _, why := range reasons {
		lines = append(lines, strings.Join(fold(of[why]), ", ")+": "+why)
	}
	return lines
}

// large is how many names that begin with another one are told by it and their number.
const large = 3

// fold writes "Increment and 14 more Increment..." for a method and those that do the same for types
// of their own, whose names go on from its.
func fold(names []string) (folded []string) {
	slices.Sort(names)
	for i := 0; i < len(names); i++ {
		n := i + 1
		for n < len(names) && goesOn(names[n], names[i]) {
			n++
		}
		if n-i > large {
			folded = append(folded, fmt.Sprintf("%s and %d more %[1]s...", names[i], n-i-1))
			i = n - 1
			continue
		}
		folded = append(folded, names[i])
	}
	return folded
}

// goesOn reports whether a name has a further word behind another.
func goesOn(name, of string) bool {
	rest, is := strings.CutPrefix(name, of)
	first, _ := utf8.DecodeRuneInString(rest)
	return is && unicode.IsUpper(first)
}
