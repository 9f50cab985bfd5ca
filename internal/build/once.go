package build

import (
	"go/ast"
	"regexp"
	"strings"
)

// once are the words with which documentations say that a method meets no key twice, not even one
// that is deleted and stored again meanwhile. An entry that is stored again is another one, so what
// they say of entries is less. Often are the words that take it back, or say when it holds; what
// sync.Map says of the values does neither. Anew are those of another sentence that does.
var (
	once = regexp.MustCompile(`(?i)\bno key (\w+ ){0,3}?(visited|yielded|returned|met|seen) (more than once|twice)\b` +
		`|\b(each|every) key (\w+ ){0,3}?(visited|yielded|returned|met|seen) (at most|exactly|only) once\b`)
	often    = regexp.MustCompile(`(?i)\b(unless|except|provided|if|when|while|until|as long as|so long as|assuming|without|absence|again|(not|no|cannot) guarantee\w*)\b|n't guarantee`)
	ofValues = regexp.MustCompile(`(?i), but if (the|a) value.*`)
	anew     = regexp.MustCompile(`(?i)\b(again|twice|more than once|(several|multiple|many) times|duplicat\w*|re-?(add|insert|stor)\w*)\b`)
)

// documentedOnce returns, by the names of a type's methods, the words with which the package in a
// directory says that they meet no key twice; nil if there are none.
func documentedOnce(dir, typeName string) map[string]string {
	return documented(dir, typeName, saysOnce)
}

// documented returns what the comments of a type's methods say, by their names; nil if none says it.
func documented(dir, typeName string, says func(doc string) string) (said map[string]string) {
	for name, doc := range readDocs(dir).methods {
		method, of := strings.CutPrefix(name, typeName+".")
		if !of {
			continue
		}
		if words := says(doc); words != "" {
			if said == nil {
				said = map[string]string{}
			}
			said[method] = words
		}
	}
	return said
}

// saysOnce returns the words of a comment that say so; empty if there are none.
func saysOnce(doc string) string {
	sentence := sentenceOf(doc, once)
	others := strings.Replace(strings.Join(strings.Fields(doc), " "), sentence, "", 1)
	if often.MatchString(ofValues.ReplaceAllString(sentence, "")) || anew.MatchString(others) {
		return ""
	}
	return once.FindString(sentence)
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
