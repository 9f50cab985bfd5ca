package build

import (
	"go/ast"
	"regexp"
	"strings"
)

// once are the words with which documentations say that a method meets no key twice, not even one
// that is deleted and stored again meanwhile, and often those that take it back.
var (
	once = regexp.MustCompile(`(?i)\bno (key|item|element|entry) (\w+ ){0,3}?(visited|yielded|returned|met|seen) (more than once|twice)\b` +
		`|\b(each|every) (key|item|element|entry) (\w+ ){0,3}?(visited|yielded|returned|met|seen) (at most|exactly|only) once\b`)
	often = regexp.MustCompile(`(?i)\b(unless|except|provided|(not|no|cannot) guarantee\w*)\b|n't guarantee`)
)

// documentedOnce returns, by the names of a type's methods, the words with which the package in a
// directory says that they meet no key twice; nil if there are none.
func documentedOnce(dir, typeName string) (said map[string]string) {
	for name, doc := range readDocs(dir).methods {
		method, of := strings.CutPrefix(name, typeName+".")
		if sentence := sentenceOf(doc, once); of && sentence != "" && !often.MatchString(sentence) {
			if said == nil {
				said = map[string]string{}
			}
			said[method] = once.FindString(sentence)
		}
	}
	return said
}

// sentenceOf returns the first sentence of a comment that has such words; empty if none has.
func sentenceOf(doc string, words *regexp.Regexp) string {
	for from := 0; from < len(doc); {
		end := len(doc)
		if at := sentenceEnd.FindStringIndex(doc[from:]); at != nil {
			end = from + at[1]
		}
		if sentence := strings.Join(strings.Fields(doc[from:end]), " "); words.MatchString(sentence) {
			return sentence
		}
		from = end
	}
	return ""
}

// receiver returns the name of a receiver's type.
func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}
