package build

import "regexp"

// calledAgain are the words with which documentations say that a function that a method is given may be
// called more than once, or ask of it what only such a method needs. Hardly are the words that deny the
// former, right before it.
var (
	calledAgain = regexp.MustCompile(`(?i)\b(call|invok|execut|evaluat|appl[iy]|r[ua]n|retr[iy])\w*\b.*\b(more than once|(several|multiple|many) times|repeatedly|again|any number of times|at least once)\b` +
		`|\b(call|invok|evaluat)\w* .*\b(loop|retr(y|ies|ied))\b` +
		`|\b(free of|no|without|not have( any)?|avoid|any|has) side[- ]effects?\b|\bside[- ]effect[- ]free\b|\bidempotent\b|\bpure\b`)
	hardly = regexp.MustCompile(`(?i)\b((not|never|n't|won't|at most|exactly|only)( be| get)? (call|invok|execut|evaluat|appl[iy]|r[ua]n|retr[iy])\w*|never more than once)`)
)

// documentedAgain returns, by the names of a type's methods, the sentences in which the package in a
// directory says that they may call a function more than once; nil if there are none.
func documentedAgain(dir, typeName string) map[string]string {
	return documented(dir, typeName, func(doc string) string {
		if sentence := sentenceOf(doc, calledAgain); !hardly.MatchString(sentence) {
			return sentence
		}
		return ""
	})
}
